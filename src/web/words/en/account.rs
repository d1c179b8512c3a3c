//! English, of the pages about a person's account.

use crate::web::words::account::Account;

pub(in crate::web) static ACCOUNT: Account = Account {
    api_tokens: "API tokens",
    api_tokens_lead: "For programs and scripts that work for you. A token may do all that you may, so give each program its own and remove it when you stop using it.",
    api_description: "What the API can do (OpenAPI)",
    api_token_hint: "So that you recognise it later: “Report of the week”.",
    make_api_token: "Make a token",
    api_token_made: "Your new token",
    api_address: "Address",
    api_token: "Token",
    token_shown_once: "The token is shown this once. Copy it into the program now.",
    api_token_use: "The program sends it with every request:",
    many_api_tokens: "You have 50 tokens. Remove one that you no longer use, then make this one.",
};
