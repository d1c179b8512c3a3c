//! One connection from its first message to its goodbye.

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};

use super::hub::{Listener, News};
use super::limits;

/// Why a connection ends.
enum End {
    /// The client went away, or does not answer.
    Gone,
    /// We say why.
    Goodbye(CloseCode, &'static str),
}

/// Passes news on until one side has enough.
pub(super) async fn run<S: AsyncRead + AsyncWrite + Unpin>(stream: S, listener: Listener) {
    let config = WebSocketConfig::default()
        .read_buffer_size(limits::READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * limits::OUTBOUND)
        .max_message_size(Some(limits::INBOUND))
        .max_frame_size(Some(limits::INBOUND));
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
    if let End::Goodbye(code, reason) = talk(&mut socket, listener).await {
        let goodbye = async {
            let frame = CloseFrame { code, reason: reason.into() };
            if socket.close(Some(frame)).await.is_ok() {
                // Their goodbye; also what keeps ours from being lost on the way.
                while let Some(Ok(_)) = socket.next().await {}
            }
        };
        let _ = timeout(limits::GOODBYE, goodbye).await;
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, listener: Listener) -> End {
    let Listener { missed, mut news, mut stopping } = listener;
    for text in missed {
        if !send(socket, Message::Text(text)).await {
            return End::Gone;
        }
    }
    let mut ping = interval_at(Instant::now() + limits::PING, limits::PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut answered, mut messages) = (true, 0);
    loop {
        tokio::select! {
            heard = news.recv() => match heard {
                Ok(News::Say(text)) => if !send(socket, Message::Text(text)).await { return End::Gone },
                Ok(News::Leave) => return End::Goodbye(CloseCode::Policy, "ask again"),
                // Others heard all of it; this one did not keep up, and catches up by its version.
                Err(RecvError::Lagged(_)) => return End::Goodbye(CloseCode::Again, "too slow"),
                Err(RecvError::Closed) => return End::Goodbye(CloseCode::Away, ""),
            },
            said = socket.next() => match said {
                Some(Ok(Message::Close(_))) | None => return End::Gone,
                Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                    messages += 1;
                    if messages > limits::INBOUND_MESSAGES {
                        return End::Goodbye(CloseCode::Policy, "nobody listens here");
                    }
                }
                Some(Ok(_)) => answered = true,
                Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => return End::Goodbye(CloseCode::Size, "too long"),
                Some(Err(_)) => return End::Gone,
            },
            _ = ping.tick() => {
                if !answered || !send(socket, Message::Ping(Default::default())).await {
                    return End::Gone;
                }
                answered = false;
            }
            () = stopped(&mut stopping) => return End::Goodbye(CloseCode::Away, "the server restarts"),
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is the same.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// `false`: the client took nothing for too long, or is gone.
async fn send<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, message: Message) -> bool {
    matches!(timeout(limits::WRITE, socket.send(message)).await, Ok(Ok(())))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::broadcast;
    use tokio_tungstenite::tungstenite::Utf8Bytes;

    use super::*;

    fn listener(news: &broadcast::Sender<News>, stop: &watch::Sender<bool>) -> Listener {
        Listener { missed: vec!["hello".into()], news: news.subscribe(), stopping: stop.subscribe() }
    }

    async fn client(stream: tokio::io::DuplexStream) -> WebSocketStream<tokio::io::DuplexStream> {
        WebSocketStream::from_raw_socket(stream, Role::Client, None).await
    }

    #[tokio::test]
    async fn what_was_missed_comes_first_and_a_stop_says_goodbye() {
        let (near, far) = tokio::io::duplex(4096);
        let (news, stop) = (broadcast::Sender::new(4), watch::Sender::new(false));
        let task = tokio::spawn(run(near, listener(&news, &stop)));
        let mut client = client(far).await;
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("hello"));
        let _ = news.send(News::Say("news".into()));
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("news"));
        stop.send_replace(true);
        let Message::Close(Some(frame)) = client.next().await.unwrap().unwrap() else { panic!("no goodbye") };
        assert_eq!(frame.code, CloseCode::Away);
        assert!(client.next().await.is_none());
        task.await.unwrap();
    }

    #[tokio::test]
    async fn a_reader_that_does_not_keep_up_is_dropped_and_nothing_piles_up() {
        let (near, mut far) = tokio::io::duplex(64);
        let (news, stop) = (broadcast::Sender::new(4), watch::Sender::new(false));
        let task = tokio::spawn(run(near, listener(&news, &stop)));
        let long: Utf8Bytes = "x".repeat(4_000).into();
        // The first one blocks in the stream; the others fill the queue and more.
        for _ in 0..20 {
            let _ = news.send(News::Say(long.clone()));
            tokio::task::yield_now().await;
        }
        let mut taken = Vec::new();
        let read = tokio::io::AsyncReadExt::read_to_end(&mut far, &mut taken);
        timeout(Duration::from_secs(5), read).await.expect("the server ends it").unwrap();
        task.await.unwrap();
        assert!(taken.len() < 3 * 4_000, "it got {} bytes", taken.len());
        assert!(taken.windows(8).any(|part| part == b"too slow"), "it is told why");
        assert_eq!(news.receiver_count(), 0);
    }
}
