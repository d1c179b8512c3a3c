//! What the pages say that concern a person's account: API tokens, password, data. A language that misses a word does
//! not compile.

/// The words of these pages.
pub(in crate::web) struct Account {
    pub(in crate::web) api_tokens: &'static str,
    pub(in crate::web) api_tokens_lead: &'static str,
    pub(in crate::web) api_description: &'static str,
    pub(in crate::web) api_token_hint: &'static str,
    pub(in crate::web) make_api_token: &'static str,
    pub(in crate::web) api_token_made: &'static str,
    pub(in crate::web) api_address: &'static str,
    pub(in crate::web) api_token: &'static str,
    pub(in crate::web) token_shown_once: &'static str,
    pub(in crate::web) api_token_use: &'static str,
    pub(in crate::web) many_api_tokens: &'static str,
}
