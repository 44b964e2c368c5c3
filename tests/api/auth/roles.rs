//! Which groups of a token give which role; the table of routes is walked in [`crate::access`].

use std::time::Duration;

use super::{start, until};
use crate::support::issuer::Issuer;
use crate::support::tokens::Signer;
use crate::support::*;

/// What a client may do: read, change, create; the same of observations; make a term.
fn rights(client: &Client) -> [bool; 7] {
    [
        ("GET", "/sensor"),
        ("PATCH", "/sensor/1"),
        ("POST", "/sensor"),
        ("GET", "/observation"),
        ("PATCH", "/observation/groundwater-level/1"),
        ("POST", "/observation/groundwater-level"),
        ("POST", "/lexicon/term"),
    ]
    .map(|(method, path)| {
        let status =
            client.send(method, path, Some("application/json"), if method == "GET" { b"" } else { b"{" }).status;
        assert!([200, 403, 404, 422].contains(&status), "{method} {path}: {status}");
        status != 403
    })
}

const VIEWER: [bool; 7] = [true, false, false, true, false, false, false];
const EDITOR: [bool; 7] = [true, true, false, true, true, false, false];
const ADMIN: [bool; 7] = [true, true, true, true, true, true, false];
const NOBODY: [bool; 7] = [false; 7];

both! {
    fn the_later_revisions_groups_give_both_families(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let app = start(db, &issuer);
        let of = |groups: Value| {
            let mut claims = issuer.claims(&[]);
            claims["groups"] = groups;
            rights(&app.client.showing(&signer.token(&claims)))
        };
        let lexicon = [false, false, false, false, false, false, true];
        for (groups, may) in [
            (json!(["AMP.Viewer"]), VIEWER),
            (json!(["AMP.Editor"]), EDITOR),
            (json!(["AMP.Admin"]), ADMIN),
            (json!("AMP.Admin"), ADMIN),
            (json!(["Everybody", "AMP.Viewer", "AMP.Editor"]), EDITOR),
            (json!(["Lexicon.Editor"]), lexicon),
            (json!(["AMP.Admin", "Lexicon.Editor"]), [true; 7]),
            (json!(["OGC.Internal"]), NOBODY),
            (json!([]), NOBODY),
            (json!(null), NOBODY),
            (json!(""), NOBODY),
            (json!(["amp.admin", "AMP.Admin ", "AMPAdmin", "Admin", "AMP.*", "AMP.Admin,AMP.Viewer"]), NOBODY),
            (json!("AMP.Viewer AMP.Admin"), NOBODY),
            (json!({"AMP.Admin": true}), NOBODY),
            (json!([["AMP.Admin"], {"name": "AMP.Admin"}, 1, null]), NOBODY),
        ] {
            assert_eq!(of(groups.clone()), may, "{groups}");
        }
        let mut claims = issuer.claims(&["AMP.Admin"]);
        let groups = claims["groups"].take();
        (claims["roles"], claims["realm_access"]) = (groups.clone(), json!({"roles": groups}));
        assert_eq!(rights(&app.client.showing(&signer.token(&claims))), NOBODY, "other claims say nothing");
    }

    fn the_earlier_revisions_groups_are_a_configuration(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let mut auth = issuer.auth();
        let both = |name: &str| vec![name.to_owned(), format!("AMP{name}"), format!("AMP.{name}")];
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        (auth.roles.viewer, auth.roles.editor, auth.roles.admin) = (names(&["Viewer"]), names(&["Editor"]), names(&["Admin"]));
        (auth.roles.amp_viewer, auth.roles.amp_editor) = (both("Viewer")[1..].to_vec(), both("Editor")[1..].to_vec());
        auth.roles.amp_admin = both("Admin")[1..].to_vec();
        auth.roles.lexicon_editor = names(&["LexiconAdmin", "LexiconEditor", "Lexicon.Editor"]);
        let app = db.start_with(|config| config.auth = auth, |_| {});
        for (groups, may) in [
            (&["Viewer"] as &[&str], [true, false, false, false, false, false, false]),
            (&["Editor"], [true, true, false, false, false, false, false]),
            (&["Admin"], [true, true, true, false, false, false, false]),
            (&["AMPViewer"], [false, false, false, true, false, false, false]),
            (&["AMP.Editor"], [false, false, false, true, true, false, false]),
            (&["AMPAdmin"], [false, false, false, true, true, true, false]),
            (&["Viewer", "AMPEditor", "LexiconAdmin"], [true, false, false, true, true, false, true]),
            (&["NoPermission"], NOBODY),
        ] {
            assert_eq!(rights(&app.client.showing(&signer.token(&issuer.claims(groups)))), may, "{groups:?}");
        }
    }

    fn a_role_is_lost_with_the_token(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let mut auth = issuer.auth();
        auth.clock_skew = Duration::ZERO;
        let app = db.start_with(|config| config.auth = auth, |_| {});
        let mut claims = issuer.claims(&["AMP.Viewer"]);
        claims["exp"] = json!(tokens::now() + 2);
        let client = app.client.showing(&signer.token(&claims));
        client.get("/sensor").expect(200);
        until(Duration::from_secs(4), "it has expired", || client.get("/sensor").status == 401);
    }
}
