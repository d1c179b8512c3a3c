//! From the code in the address to the person: token endpoint (OpenID Connect Core 1.0 §3.1.3), ID token, UserInfo (§5.3).

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::discovery::Document;
use super::id_token::{self, Expected};
use super::start::form;
use super::{Going, Identity, Provider, Refused};
use crate::config::is_address;

impl Provider {
    /// Who came back with this code. The state must have been recognised ([`Provider::recognise`]).
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn identity(&self, going: &Going, code: &str, now: i64) -> Result<Identity, Refused> {
        let document = self.document(now).await?;
        let tokens = self.tokens(&document, going, code).await?;
        let id_token = tokens.get("id_token").and_then(Value::as_str).ok_or(Refused::Wrong("it has no ID token"))?;
        let keys = self.key_set(id_token::kid(id_token)?.as_deref(), now).await?;
        let nonce = self.nonce(going);
        let (issuer, client) = (self.settings.issuer.as_str(), self.settings.client_id.as_str());
        let claims = id_token::verified(id_token, &keys, &Expected { issuer, client, nonce: &nonce, now })?;
        if claims.contains_key("email") {
            return identity(&claims);
        }
        // Providers that follow §5.4 to the letter tell the address only here.
        let access = tokens.get("access_token").and_then(Value::as_str).unwrap_or_default();
        let told = self.user_info(&document, access).await?;
        // §5.3.2: it must be about the same person.
        if told.get("sub") != claims.get("sub") {
            return Err(Refused::Wrong("it speaks of two people"));
        }
        identity(&told)
    }

    async fn tokens(&self, document: &Document, going: &Going, code: &str) -> Result<Map<String, Value>, Refused> {
        let verifier = self.verifier(going);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.back()),
            ("code_verifier", &verifier),
        ];
        let mut request = Request::post(&document.token_endpoint)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json");
        let client = self.settings.client_id.as_str();
        let methods = &document.token_endpoint_auth_methods_supported;
        match &self.settings.client_secret {
            // RFC 6749 §2.3.1; Basic where the provider names no way.
            Some(secret) if methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic") => {
                let part = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
                let pair = format!("{}:{}", part(client), part(secret.reveal()));
                request = request.header(AUTHORIZATION, format!("Basic {}", BASE64.encode(pair.as_bytes())));
            }
            Some(secret) => fields.extend([("client_id", client), ("client_secret", secret.reveal())]),
            None => fields.push(("client_id", client)),
        }
        let request = request.body(Bytes::from(form(&fields))).map_err(|error| Refused::Unusable(error.to_string()))?;
        let answer = self.http()?.send(request).await.map_err(|error| Refused::Unusable(error.to_string()))?;
        let object = object(&answer)?;
        match object.get("error").and_then(Value::as_str) {
            Some(error) => Err(Refused::Denied(word(error))),
            None if answer.status() == 200 => Ok(object),
            None => Err(Refused::Unusable(format!("it answers {}", answer.status().as_u16()))),
        }
    }

    async fn user_info(&self, document: &Document, access: &str) -> Result<Map<String, Value>, Refused> {
        let address = document.userinfo_endpoint.as_deref().ok_or(Refused::Unverified)?;
        let request = Request::get(address)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {access}"))
            .body(Bytes::new())
            .map_err(|error| Refused::Unusable(error.to_string()))?;
        let answer = self.http()?.send(request).await.map_err(|error| Refused::Unusable(error.to_string()))?;
        if answer.status() != 200 {
            return Err(Refused::Unusable(format!("it answers {}", answer.status().as_u16())));
        }
        object(&answer)
    }
}

fn object(answer: &Response<Bytes>) -> Result<Map<String, Value>, Refused> {
    serde_json::from_slice(answer.body()).map_err(|_| Refused::Unusable("its answer makes no sense".into()))
}

/// The address in these claims, if the provider vouches for it. Some write the truth as a text.
fn identity(claims: &Map<String, Value>) -> Result<Identity, Refused> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim);
    let verified =
        matches!(claims.get("email_verified"), Some(Value::Bool(true))) || text("email_verified") == Some("true");
    let email = text("email").unwrap_or_default().to_lowercase();
    if !verified || !is_address(&email) {
        return Err(Refused::Unverified);
    }
    let usable = |name: &&str| (1..=255).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    Ok(Identity { email, name: text("name").filter(usable).map(str::to_owned) })
}

/// An error's code as it may be shown and logged.
pub fn word(text: &str) -> String {
    text.chars().filter(|character| character.is_ascii_alphanumeric() || "_-. ".contains(*character)).take(60).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_verified_address_counts() {
        let claims = |value: Value| identity(value.as_object().unwrap());
        let good = claims(json!({"email": "Ana@Example.org", "email_verified": true, "name": "Ana"})).unwrap();
        assert_eq!((good.email.as_str(), good.name.as_deref()), ("ana@example.org", Some("Ana")));
        assert!(claims(json!({"email": "ana@example.org", "email_verified": "true"})).is_ok());
        for poor in [
            json!({"email": "ana@example.org"}),
            json!({"email": "ana@example.org", "email_verified": false}),
            json!({"email": "ana@example.org", "email_verified": "false"}),
            json!({"email": "ana@example.org", "email_verified": 1}),
            json!({"email": "no address", "email_verified": true}),
            json!({"email_verified": true}),
        ] {
            assert_eq!(claims(poor.clone()), Err(Refused::Unverified), "{poor}");
        }
    }
}
