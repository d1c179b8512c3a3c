//! German, of the pages about a person's account.

use crate::web::words::account::Account;

pub(in crate::web) static ACCOUNT: Account = Account {
    api_tokens: "API-Token",
    api_tokens_lead: "Für Programme und Skripte, die für Sie arbeiten. Ein Token darf alles, was Sie dürfen. Geben Sie also jedem Programm ein eigenes und entfernen Sie es, wenn Sie das Programm nicht mehr nutzen.",
    api_description: "Was die API kann (OpenAPI)",
    api_token_hint: "Damit Sie es später wiedererkennen: „Wochenbericht“.",
    make_api_token: "Token erzeugen",
    api_token_made: "Ihr neues Token",
    api_address: "Adresse",
    api_token: "Token",
    token_shown_once: "Das Token steht nur dieses eine Mal hier. Übertragen Sie es jetzt in das Programm.",
    api_token_use: "Das Programm schickt es bei jeder Anfrage mit:",
    many_api_tokens: "Sie haben 50 Token. Entfernen Sie eines, das Sie nicht mehr nutzen, und erzeugen Sie dann dieses.",
};
