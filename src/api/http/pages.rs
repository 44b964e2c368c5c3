//! What documents and pages say, made once when the server starts.

use actix_web::http::header::HeaderValue;
use bytes::Bytes;

use crate::api::http::document::{self, NoDocument};
use crate::api::http::safety;
use crate::domain::disclaimer::Disclaimer;

/// How people log in from the page of the full document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The issuer's address.
    pub issuer: String,
    /// What the issuer calls the page.
    pub client_id: String,
}

impl SignIn {
    /// Where the issuer says how to log in.
    pub fn discovery(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'))
    }

    /// The issuer's scheme and host: the page fetches tokens there.
    fn origin(&self) -> &str {
        let after_scheme = self.issuer.find("://").map_or(0, |at| at + 3);
        let host = self.issuer.get(after_scheme..).unwrap_or_default();
        let end = host.find('/').map_or(self.issuer.len(), |at| after_scheme + at);
        self.issuer.get(..end).unwrap_or_default()
    }
}

/// See the module.
pub struct Pages {
    /// The full document.
    pub full: Bytes,
    /// The part of it that is for everybody.
    pub public: Bytes,
    /// What readers of the data should know.
    pub disclaimer: Disclaimer,
    /// What starts the page of the full document.
    pub initializer: Bytes,
    /// What that page may do.
    pub policy: Option<HeaderValue>,
}

impl Pages {
    /// The pages of a server.
    pub fn new(disclaimer: Disclaimer, sign_in: Option<&SignIn>) -> Result<Self, NoDocument> {
        let mut full = crate::api::openapi();
        let public = serde_json::to_vec(&crate::api::public_openapi()?)?;
        if let Some(sign_in) = sign_in {
            document::add_sign_in(&mut full, &sign_in.discovery());
        }
        let policy = sign_in.and_then(|sign_in| HeaderValue::from_str(&safety::for_sign_in(sign_in.origin())).ok());
        Ok(Self {
            full: serde_json::to_vec(&full)?.into(),
            public: public.into(),
            disclaimer,
            initializer: initializer(sign_in)?.into(),
            policy,
        })
    }
}

/// The script that starts the page of the full document, and tells it who it is at the issuer.
fn initializer(sign_in: Option<&SignIn>) -> serde_json::Result<String> {
    let begin = match sign_in {
        None => String::new(),
        Some(sign_in) => {
            let client = serde_json::to_string(&sign_in.client_id)?;
            format!(
                "  window.ui.initOAuth({{clientId: {client}, scopes: \"openid profile\", \
                 usePkceWithAuthorizationCodeGrant: true}});\n"
            )
        }
    };
    Ok(format!(
        "window.onload = function () {{\n\
         \x20 window.ui = SwaggerUIBundle({{\n\
         \x20   url: \"/openapi-auth.json\",\n\
         \x20   dom_id: \"#swagger-ui\",\n\
         \x20   deepLinking: true,\n\
         \x20   presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],\n\
         \x20   plugins: [SwaggerUIBundle.plugins.DownloadUrl],\n\
         \x20   layout: \"StandaloneLayout\",\n\
         \x20   oauth2RedirectUrl: window.location.origin + \"/docs-auth/oauth2-redirect\"\n\
         \x20 }});\n{begin}}};\n"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_page_may_ask_the_issuer_and_nobody_else() {
        let sign_in = |issuer: &str| SignIn { issuer: issuer.to_owned(), client_id: "a\"b".to_owned() };
        for (issuer, origin) in [
            ("https://id.example.org/o/x/", "https://id.example.org"),
            ("http://localhost:9000", "http://localhost:9000"),
        ] {
            assert_eq!(sign_in(issuer).origin(), origin);
        }
        assert_eq!(
            sign_in("https://id.example.org/o/x/").discovery(),
            "https://id.example.org/o/x/.well-known/openid-configuration"
        );
        let pages = Pages::new(Disclaimer::default(), Some(&sign_in("https://id.example.org/o/x/"))).unwrap();
        let policy = pages.policy.unwrap();
        assert!(policy.to_str().unwrap().contains("connect-src 'self' https://id.example.org;"), "{policy:?}");
        assert!(std::str::from_utf8(&pages.initializer).unwrap().contains(r#"clientId: "a\"b""#));
        assert_eq!(Pages::new(Disclaimer::default(), None).unwrap().policy, None);
    }
}
