//! What every answer tells a browser not to do with it, and caches where they may keep it.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// The pages of the documentation have their scripts from here and some styles in themselves.
const FOR_PAGES: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
                         base-uri 'none'; frame-ancestors 'none'";

/// Anything else is no page: should a browser take it for one, it may do nothing.
const FOR_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// What the page of the full document may do where people log in from it: it asks the issuer, too.
pub fn for_sign_in(issuer: &str) -> String {
    format!("connect-src 'self' {issuer}; {FOR_PAGES}")
}

/// Where an answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// By anybody on the way.
    Anywhere,
    /// By the client that asked: another one may not see it.
    ByTheClient,
    /// By nobody: there is a key in its address.
    Nowhere,
}

/// Writes the headers. `page` is what a page may do, when it is not what other pages may. `secure` when the client came over TLS to this very server.
pub fn write(headers: &mut HeaderMap, kept: Kept, secure: bool, page: Option<&HeaderValue>) {
    let is_page =
        headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.starts_with("text/html"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let policy = match page {
        Some(policy) if is_page => policy.clone(),
        _ => HeaderValue::from_static(if is_page { FOR_PAGES } else { FOR_DATA }),
    };
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    match kept {
        Kept::Anywhere => {}
        Kept::ByTheClient => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        Kept::Nowhere => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
    }
}
