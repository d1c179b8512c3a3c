//! English, of the pages about a person's account.

use crate::web::words::account::Account;

pub(in crate::web) static ACCOUNT: Account = Account {
    your_account: "Your account",
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
    sign_in_with: |name| format!("Sign in with {name}"),
    with_password: "Sign in with a password",
    password: "Password",
    wrong_password: "The address or the password is not right. A mailed link always works.",
    many_failures: "There were many failed sign-ins. Please wait ten minutes, or use a mailed link.",
    has_password: "You have a password for signing in. A mailed link works as well.",
    has_no_password: "You sign in with mailed links. If you like, set a password to sign in without waiting for mail.",
    new_password: "New password",
    password_hint: "At least 8 characters. A few words in a row are easy to remember and hard to guess.",
    set_password: "Set the password",
    change_password: "Change the password",
    remove_password: "Remove the password",
    remove_password_help: "From then on only mailed links sign you in.",
    others_signed_out: "Every other browser is signed out, and a mail tells you about it.",
    sign_in_afresh: "You signed in a while ago. To set a password, sign in once more; then come back to this page within ten minutes.",
    password_length: "A password has 8 to 256 characters.",
    password_common: "This password is among the first that strangers try. Please take another one.",
    server_busy: "Many people are setting passwords right now. Please try again in a moment.",
    password_was_set: "Your password is set.",
    password_was_removed: "Your password is removed.",
    not_signed_in: "You are not signed in",
    provider_unusable: "The other service cannot be reached right now, or gave an answer that cannot be used. Try again later, or sign in with a mailed link.",
    provider_stale: "This sign-in was not begun in this browser, or took longer than ten minutes. Please begin again.",
    provider_denied: "The other service did not sign you in. You can try again, or sign in with a mailed link.",
    provider_wrong: "What the other service said could not be verified, so it does not count. Please sign in with a mailed link, and tell the people who run this place.",
    provider_unverified: "The other service has not verified your mail address. Verify it there, or sign in with a mailed link.",
    provider_unknown: |email| {
        format!(
            "Nobody here is known as {email}. Sign in with the address your team knows, or ask your team to add this one."
        )
    },
    your_data: "Your data",
    your_data_lead: "What this place knows about you, to take along or to erase.",
    get_copy: "Take a copy",
    get_copy_help: "One ZIP file: everything about you as JSON, and your calendars as .ics files that any calendar program opens.",
    get_copy_button: "Download my data",
    copy_too_large: "Your calendars are too large for one download. Please ask the people who run this place; they can make the copy.",
    kept_here: "How long things are kept",
    sessions_are_kept: |days| {
        if days == 0 {
            "Sessions of the past stay until you erase yourself.".into()
        } else {
            format!("Sessions of the past, with names and agendas: {days}\u{a0}days.")
        }
    },
    sent_mail_is_kept: |days| format!("What was in sent mails: {days}\u{a0}days."),
    mail_log_is_kept: |days| format!("From whom mail came in: {days}\u{a0}days."),
    erase: "Erase me",
    erase_help: "This cannot be taken back:",
    erase_lines: &[
        "Sessions ahead are cancelled, and the others are told.",
        "Your calendars, what you offer, your memberships and every way to sign in are gone at once.",
        "Of sessions in the past only the time stays, for the others who were there. Your name and your words in them go within four days, once the last mails have gone out.",
    ],
    type_address: "To be sure, type your mail address",
    type_address_wrong: "This is not the address of your account. Please type it once more.",
    erase_button: "Erase everything about me",
    erase_last_admin: "You are the last administrator. Make somebody else one first.",
    erase_busy: "Somebody was booking with you at this very moment. Please try again.",
    erased: "You are erased",
    erased_help: "Your calendars and ways to sign in are gone, and sessions ahead are cancelled. Thank you for having been here.",
};
