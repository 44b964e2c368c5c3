//! TLS by the server itself.

use std::path::Path;

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::service::program;
use crate::support::*;

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name).display().to_string()
}

/// A client that believes an authority.
fn believing(authority: &str) -> ureq::Agent {
    let pem = std::fs::read(fixture(authority)).unwrap();
    let roots = RootCerts::new_with_certs(&[Certificate::from_pem(&pem).unwrap()]);
    let tls = TlsConfig::builder().root_certs(roots).build();
    ureq::Agent::config_builder().http_status_as_error(false).tls_config(tls).build().into()
}

fn serving(db: Database) -> App {
    let files = (fixture("server.pem"), fixture("server.key"));
    db.start_with(
        |config| {
            config.server.tls_certificate = Some(files.0.into());
            config.server.tls_key = Some(files.1.into());
            // A client that never shakes hands is not waited for.
            config.server.head_timeout = std::time::Duration::from_secs(2);
        },
        |_| {},
    )
}

both! {
    fn clients_come_over_tls(db: Database) {
        let app = serving(db);
        let address = app.client.address().to_owned();
        let ask = |agent: &ureq::Agent, url: &str| agent.get(url).call();
        for _ in 0..3 {
            let mut reply = ask(&believing("authority.pem"), &format!("https://{address}/lexicon/term?size=1")).unwrap();
            assert_eq!(reply.status(), 200);
            assert_eq!(reply.headers()["strict-transport-security"], "max-age=31536000");
            assert!(reply.body_mut().read_to_string().unwrap().contains("\"total\""));
        }
        ask(&believing("other.pem"), &format!("https://{address}/health")).unwrap_err();
        ask(&believing("authority.pem"), &format!("http://{address}/health")).unwrap_err();
        // The container's health check.
        let variables = [
            ("OCOTILLO_SERVER_TLS_CERTIFICATE", fixture("server.pem")),
            ("OCOTILLO_SERVER_TLS_KEY", fixture("server.key")),
        ];
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (ok, text) = program(&["health", "--address", &address], &variables);
        assert!(ok && text == "healthy\n", "{text}");
        let (ok, text) = program(&["health", "--address", &address], &[]);
        assert!(!ok, "{text}");
    }

    fn who_never_shakes_hands_is_not_waited_for(db: Database) {
        use std::io::Read as _;
        let app = serving(db);
        let mut silent = std::net::TcpStream::connect(app.client.address()).unwrap();
        silent.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
        assert_eq!(silent.read(&mut [0; 10]).unwrap_or(0), 0, "ended by the server");
        let url = format!("https://{}/health", app.client.address());
        assert_eq!(believing("authority.pem").get(&url).call().unwrap().status(), 200);
    }
}

#[test]
fn what_cannot_be_used_is_refused_at_the_start_by_name() {
    let (certificate, key) = (fixture("server.pem"), fixture("server.key"));
    let other_key = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys/first.pem").display().to_string();
    let db = Database::empty_sqlite();
    let refused = |certificate: Option<&str>, key: Option<&str>| {
        let named = [("OCOTILLO_SERVER_TLS_CERTIFICATE", certificate), ("OCOTILLO_SERVER_TLS_KEY", key)];
        let set: Vec<(&str, &str)> = named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let (ok, text) = program(&["--database-url", &db.url, "serve", "--bind", "127.0.0.1:0"], &set);
        assert!(!ok && !text.contains("PRIVATE"), "{text}");
        text
    };
    assert!(refused(Some(&certificate), None).contains("server.tls_key"));
    assert!(refused(None, Some(&key)).contains("server.tls_certificate"));
    assert!(refused(Some("/nowhere.pem"), Some(&key)).contains("server.tls_certificate"));
    assert!(refused(Some(&certificate), Some("/nowhere.key")).contains("server.tls_key"));
    assert!(refused(Some(&key), Some(&key)).contains("server.tls_certificate"));
    assert!(refused(Some(&certificate), Some(&certificate)).contains("server.tls_key"));
    assert!(refused(Some(&certificate), Some(&other_key)).contains("server.tls_key"));
}
