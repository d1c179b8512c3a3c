//! The API's description, OpenAPI 3.1.

use http::StatusCode;

use crate::surface::{Answer, Call, bytes};

const DOCUMENT: &str = include_str!("openapi.json");
/// Stands for the public URL in the file.
const SERVER: &str = "https://openhour.example";

/// The document for an installation with this public URL.
pub fn document(public_url: &str) -> String {
    DOCUMENT.replace(SERVER, public_url).replace("0.0.0", env!("CARGO_PKG_VERSION"))
}

/// `/api/v1/openapi.json`
pub async fn openapi(call: Call) -> Answer {
    bytes(StatusCode::OK, "application/json", document(&call.desk.config.public_url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_json_with_this_server_in_it() {
        let document: serde_json::Value = serde_json::from_str(&document("https://book.example")).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], "https://book.example");
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut open = vec![&document];
        let mut seen = 0;
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::Object(members) => {
                    if let Some(target) = members.get("$ref").and_then(|target| target.as_str()) {
                        assert!(document.pointer(&target[1..]).is_some(), "{target}");
                        seen += 1;
                    }
                    open.extend(members.values());
                }
                serde_json::Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(seen > 5);
    }
}
