//! A WebSocket client for the live updates of a real server.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// No message of ours may take this long, not even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// One open page.
pub(crate) struct Live {
    socket: WebSocketStream<TcpStream>,
}

impl Live {
    /// Opens `path`; the status of the refusal if there is one.
    pub(crate) async fn try_open(
        address: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(Error::Http(refusal)) => Err(refusal.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens the team's live updates and waits for the first message.
    pub(crate) async fn open(address: SocketAddr, team: &str, since: Option<&str>) -> (Self, Value) {
        let query = since.map(|version| format!("?since={version}")).unwrap_or_default();
        let opened = Self::try_open(address, &format!("/live/teams/{team}{query}"), &[]).await;
        let mut live = opened.unwrap_or_else(|status| panic!("refused with {status}"));
        let first = live.next().await;
        (live, first)
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some(Message::Text(text)) => return serde_json::from_str(&text).unwrap(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a message, not {other:?}"),
            }
        }
    }

    /// Reads messages until one tells of this slot, and answers it.
    pub(crate) async fn until(&mut self, list: &str, start: &str) -> Value {
        loop {
            let message = self.next().await;
            let slots = message[list].as_array().unwrap_or_else(|| panic!("{message}"));
            if slots.iter().any(|slot| slot["start"] == start) {
                return message;
            }
        }
    }

    /// The code with which the server ends the connection; 1006 when it says none.
    pub(crate) async fn ended(&mut self) -> u16 {
        loop {
            match self.frame().await {
                Some(Message::Close(frame)) => return frame.map_or(1005, |frame| frame.code.into()),
                Some(_) => {}
                None => return 1006,
            }
        }
    }

    pub(crate) async fn say(&mut self, text: String) {
        // A server that has closed already is seen by the next read.
        let _ = self.socket.send(Message::text(text)).await;
    }

    async fn frame(&mut self) -> Option<Message> {
        let frame = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("something within 20 seconds");
        frame.and_then(Result::ok)
    }
}
