use super::*;
use crate::service::program;

both! {
    fn files_without_a_record_are_found_and_removed(db: Database) {
        let app = with_things(db);
        let kept = recorded(&app, ("kept.png", "image/png", PNG));
        let lost = send(&app, "/asset/upload", &form(&[], Some(("lost.png", "image/png", PNG)))).expect(201);
        let gone = recorded(&app, ("gone.png", "image/png", PNG));
        assert_eq!(app.delete(&format!("/asset/{}", gone["id"])).status, 204);
        let incoming = app.db.files.join("objects/incoming");
        std::fs::write(incoming.join("0123"), "whole, without its name").unwrap();
        std::fs::write(incoming.join("4567#1"), "the beginning of").unwrap();
        let environment = [("OCOTILLO_ASSETS_URL", app.db.files.to_str().unwrap()), ("DATABASE_URL", &app.db.url)];
        let gc = |flags: &[&str]| {
            let (ok, text) = program(&[&["assets", "gc"], flags].concat(), &environment);
            assert!(ok, "{text}");
            text
        };
        let all = stored(&app.db);
        assert!(gc(&[]).contains("removed 0 files"), "they are too new");
        let listed = gc(&["--older-than", "0", "--dry-run"]);
        for name in [lost["storage_path"].as_str().unwrap(), gone["storage_path"].as_str().unwrap(), "incoming/0123"] {
            assert!(listed.contains(name), "{name}: {listed}");
        }
        assert!(listed.contains("would remove 3 files") && listed.contains("1 beginnings"), "{listed}");
        assert!(!listed.contains(kept["storage_path"].as_str().unwrap()));
        assert_eq!(stored(&app.db), all);
        assert!(gc(&["--older-than", "0"]).contains("removed 3 files"));
        assert_eq!(stored(&app.db), [kept["storage_path"].as_str().unwrap()]);
        assert!(gc(&["--older-than", "0"]).contains("removed 0 files without a record (0 bytes), 0 beginnings"));
        assert_eq!(app.get(&path_of(&app, &kept["signed_url"])).body, PNG);
    }
}

#[test]
fn what_cannot_be_a_storage_is_refused() {
    let db = Database::sqlite();
    for (url, key) in [("ftp://x", "assets.url"), ("gs://b", "assets.service_account_key"), ("s3://", "assets.url")] {
        let (ok, text) =
            program(&["--database-url", &db.url, "serve", "--bind", "127.0.0.1:0"], &[("OCOTILLO_ASSETS_URL", url)]);
        assert!(!ok && text.contains(key), "{url}: {text}");
    }
}
