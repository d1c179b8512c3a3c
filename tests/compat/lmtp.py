"""Hands messages over by Python's LMTP client: lmtp.py PLACE SENDER RECIPIENT... < message

PLACE is host:port or a socket file. Prints one line for each recipient: its address, code and enhanced code.
"""

import smtplib
import sys

place, sender, recipients = sys.argv[1], sys.argv[2], sys.argv[3:]
message = sys.stdin.buffer.read()
if place.startswith("/"):
    client = smtplib.LMTP(place)
else:
    host, port = place.rsplit(":", 1)
    client = smtplib.LMTP(host, int(port))
client.ehlo("client.example.org")
for extension in ("pipelining", "8bitmime", "size", "enhancedstatuscodes"):
    assert client.has_extn(extension), extension
assert int(client.esmtp_features["size"]) == 10 * 1024 * 1024

code, said = client.mail(sender, [f"size={len(message)}"])
if code != 250:
    print(f"MAIL {code} {said.decode()}")
    sys.exit()
accepted = []
for recipient in recipients:
    code, said = client.rcpt(recipient)
    if code == 250:
        accepted.append(recipient)
    else:
        print(f"{recipient} {code} {said.decode().split()[0]}")
if accepted:
    code, _ = client.docmd("DATA")
    assert code == 354, code
    client.send(smtplib._quote_periods(smtplib._fix_eols(message.decode("latin-1")).encode("latin-1")) + b"\r\n.\r\n")
    for recipient in accepted:
        code, said = client.getreply()
        print(f"{recipient} {code} {said.decode().split()[0]}")
client.quit()
