"""A real SMTP server that keeps each accepted mail as one file: smtp_sink.py FOLDER

Prints its port, then serves until its standard input closes. A mail is on disk before its sender hears "250".
"""

import asyncio
import itertools
import os
import sys

from aiosmtpd.smtp import SMTP


class Keep:
    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(len(os.listdir(folder)))

    async def handle_DATA(self, server, session, envelope):
        name = os.path.join(self.folder, f"{next(self.numbers):06}.eml")
        with open(name + ".part", "wb") as file:
            file.write(f"X-Envelope-From: {envelope.mail_from}\r\n".encode())
            for recipient in envelope.rcpt_tos:
                file.write(f"X-Envelope-To: {recipient}\r\n".encode())
            file.write(envelope.original_content)
        os.rename(name + ".part", name)
        return "250 OK"


async def main(folder):
    loop = asyncio.get_running_loop()
    keep = Keep(folder)
    server = await loop.create_server(lambda: SMTP(keep, hostname="sink.example.org"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main(sys.argv[1]))
os._exit(0)
