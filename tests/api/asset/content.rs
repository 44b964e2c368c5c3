use super::*;

both! {
    fn a_file_can_be_had_in_parts(db: Database) {
        let app = with_things(db);
        let content: Vec<u8> = [PNG, &(0..700_000u32).map(|at| u8::try_from(at % 253).unwrap()).collect::<Vec<_>>()].concat();
        let made = recorded(&app, ("a b \u{f1}\".png", "image/png", &content));
        let path = path_of(&app, &made["signed_url"]);
        let whole = app.get(&path);
        assert!(whole.status == 200 && whole.body == content);
        let header = |reply: &Reply, name: &str| reply.header(name).unwrap_or_default().to_owned();
        assert_eq!((header(&whole, "content-type"), header(&whole, "content-length")), ("image/png".to_owned(), content.len().to_string()));
        assert_eq!((header(&whole, "accept-ranges"), header(&whole, "x-content-type-options")), ("bytes".to_owned(), "nosniff".to_owned()));
        assert!(header(&whole, "content-disposition").starts_with("inline; filename=\"a b _"), "{:?}", whole.headers);
        assert!(header(&whole, "content-disposition").contains("filename*=UTF-8''a%20b%20%C3%B1"), "{:?}", whole.headers);
        let tag = header(&whole, "etag");
        assert!(tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        let part = |range: &str| app.client.with_header("range", range).get(&path);
        for (range, from, to) in [("bytes=0-0", 0, 1), ("bytes=300000-600000", 300_000, 600_001), ("bytes=-5", content.len() - 5, content.len())] {
            let reply = part(range);
            assert_eq!((reply.status, header(&reply, "content-range")), (206, format!("bytes {from}-{}/{}", to - 1, content.len())), "{range}");
            assert!(reply.body == content[from..to], "{range}");
        }
        let beyond = part("bytes=700100-");
        assert_eq!((beyond.status, header(&beyond, "content-range")), (416, format!("bytes */{}", content.len())));
        assert_eq!(part("bytes=0-1,4-5").status, 200);
        let tagged = |condition: &str| app.client.with_header("range", "bytes=0-0").with_header("if-range", condition).get(&path).status;
        assert_eq!((tagged(&tag), tagged("\"other\"")), (206, 200));
        assert_eq!(app.client.with_header("if-none-match", &tag).get(&path).status, 304);
        let head = app.send("HEAD", &path, None, b"");
        assert_eq!((head.status, header(&head, "content-length"), head.body.len()), (200, content.len().to_string(), 0));
    }

    fn text_is_sent_as_it_is(db: Database) {
        let app = with_things(db);
        let content = "dry\n".repeat(10_000);
        let made = recorded(&app, ("log.txt", "text/plain; charset=utf-8", content.as_bytes()));
        assert_eq!(made["mime_type"], "text/plain");
        let reply = app.client.with_header("accept-encoding", "gzip").with_header("range", "bytes=0-9999").get(&path_of(&app, &made["signed_url"]));
        assert_eq!((reply.status, reply.header("content-encoding"), reply.body.as_slice()), (206, None, &content.as_bytes()[..10_000]));
    }

    fn only_the_signature_counts(db: Database) {
        let app = with_things(db);
        let made = recorded(&app, ("a.png", "image/png", PNG));
        let other = recorded(&app, ("b.png", "image/png", PNG));
        let path = path_of(&app, &made["signed_url"]);
        let digits = path.rsplit('=').next().unwrap();
        let expires = path.split(['=', '&']).nth(1).unwrap();
        let sooner: u64 = expires.parse::<u64>().unwrap() - 1;
        let base = format!("/asset/{}/content", made["id"]);
        for wrong in [
            base.clone(),
            format!("{base}?expires={expires}"),
            format!("{base}?expires={sooner}&signature={digits}"),
            format!("{base}?expires=x&signature={digits}"),
            format!("{base}?expires={expires}&signature={}", "0".repeat(64)),
            format!("{base}?expires={expires}&signature=%C3%A9"),
            format!("/asset/{}/content?expires={expires}&signature={digits}", other["id"]),
        ] {
            assert_eq!(app.get(&wrong).detail(403), "The signature is wrong, or has expired", "{wrong}");
        }
        assert_eq!(app.client.on_behalf_of("nobody").get(&path).body, PNG);
        assert_eq!(app.delete(&format!("/asset/{}", made["id"])).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("Asset with ID {} not found.", made["id"]));
    }

    fn another_instance_takes_the_url_too(db: Database) {
        let app = with_things(db);
        let made = recorded(&app, ("a.png", "image/png", PNG));
        let path = path_of(&app, &made["signed_url"]);
        let second = app.db.another().start();
        assert_eq!(second.get(&path).body, PNG);
        let third = app.db.another().start_with(|config| {
            config.assets.public_url = Some("https://data.example.org/ocotillo/".to_owned());
            config.assets.signing_key = Some("another key of thirty-two letters".to_owned());
        }, |_| {});
        assert_eq!(third.get(&path).status, 403);
        let url = third.get(&format!("/asset/{}", made["id"])).expect(200)["signed_url"].clone();
        assert!(url.as_str().unwrap().starts_with(&format!("https://data.example.org/ocotillo/asset/{}/content?", made["id"])), "{url}");
    }

    fn a_file_is_removed_without_its_record(db: Database) {
        let app = with_things(db);
        let made = recorded(&app, ("a.png", "image/png", PNG));
        let path = path_of(&app, &made["signed_url"]);
        let twin = send(&app, "/asset/upload-and-record", &form(&[("thing_id", "2")], Some(("a.png", "image/png", PNG)))).expect(201);
        let remove = format!("/asset/{}/remove", made["id"]);
        assert_eq!(app.delete(&remove).detail(409), json!([{"type": "value_error", "loc": ["path", "asset_id"],
            "msg": format!("The file of Asset with ID {} is also that of Asset with ID {}.", made["id"], twin["id"]),
            "input": {"asset_id": made["id"]}}]));
        assert_eq!(app.get(&path).body, PNG);
        assert_eq!(app.delete(&format!("/asset/{}", twin["id"])).status, 204);
        assert_eq!(app.get(&path).body, PNG, "the file is still the first one's");
        assert_eq!(app.delete(&remove).status, 204);
        assert_eq!(app.delete(&remove).status, 204);
        assert_eq!(stored(&app.db), Vec::<String>::new());
        assert!(app.get(&format!("/asset/{}", made["id"])).expect(200)["signed_url"].is_string(), "made without a look at the file");
        assert_eq!(app.get(&path).detail(404), format!("Asset with ID {} has no file.", made["id"]));
    }

    fn a_record_leads_to_no_other_file(db: Database) {
        let app = with_things(db);
        recorded(&app, ("a.png", "image/png", PNG));
        for storage_path in ["../signing-key", "/../signing-key", "uploads/../../signing-key", "signing-key", "/etc/passwd", ".", "uploads", "a//b", "\u{7f}"] {
            let made = app.create("/asset", json!({"name": "k", "storage_path": storage_path, "mime_type": "text/html", "size": 0, "uri": "x"}));
            let url = app.get(&format!("/asset/{}", made["id"])).expect(200)["signed_url"].clone();
            assert_eq!(app.get(&path_of(&app, &url)).status, 404, "{storage_path}");
            assert_eq!(app.delete(&format!("/asset/{}/remove", made["id"])).status, 204, "{storage_path}");
        }
        assert_eq!(stored(&app.db).len(), 1);
        assert!(app.db.files.join("signing-key").exists());
    }
}

#[test]
fn without_a_storage_records_can_be_read() {
    let db = Database::sqlite();
    // Where the usual folder would be made.
    std::fs::write(db.path().with_file_name("test-assets"), "in the way").unwrap();
    let app = db.start_with(|config| config.assets.url = None, |_| {});
    let made = app
        .create("/asset", json!({"name": "k", "storage_path": "x", "mime_type": "text/plain", "size": 0, "uri": "x"}));
    assert_eq!(app.get(&format!("/asset/{}", made["id"])).expect(200), made);
    let reply = send(&app, "/asset/upload", &form(&[], Some(("a.png", "image/png", PNG))));
    assert_eq!((reply.status, &reply.json()["reason"]), (503, &json!("storage_unavailable")));
    assert!(reply.header("retry-after").is_some());
}
