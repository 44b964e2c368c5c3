use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::*;
use crate::support::slow;

/// A file of so many bytes that is a picture by its beginning.
fn picture(size: usize) -> Vec<u8> {
    let mut content = PNG.to_vec();
    content.extend((content.len()..size).map(|at| u8::try_from(at * 31 % 251).unwrap()));
    content
}

fn problem(message: &str, input: Value) -> Value {
    json!([{"type": "value_error", "loc": ["file"], "msg": message, "input": input}])
}

/// The head of a form without its body.
fn head(path: &str, length: Option<usize>) -> String {
    let length =
        length.map_or_else(|| "transfer-encoding: chunked".to_owned(), |length| format!("content-length: {length}"));
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\n{length}\r\n\r\n"
    )
}

fn read(mut stream: TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    // The server may end the connection while there is more to be sent to it.
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        answer.extend_from_slice(&piece[..length]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

both! {
    fn a_file_is_stored_and_recorded(db: Database) {
        let app = with_things(db);
        let texts = [("thing_id", "1"), ("label", "Wellhead")];
        let made = send(&app, "/asset/upload-and-record", &form(&texts, Some(("Rio chama.png", "image/png", PNG)))).expect(201);
        let path = made["storage_path"].as_str().unwrap();
        assert!(path.strip_prefix("uploads/Rio_chama_").and_then(|rest| rest.strip_suffix(".png")).is_some_and(|digest| digest.len() == 32), "{path}");
        assert_eq!((&made["name"], &made["label"], &made["mime_type"], &made["size"], &made["storage_service"], &made["release_status"]),
            (&json!("Rio chama.png"), &json!("Wellhead"), &json!("image/png"), &json!(PNG.len()), &json!("gcs"), &json!("draft")));
        assert_eq!(app.get(&path_of(&app, &made["signed_url"])).body, PNG);
        assert_eq!(app.items("/asset?thing_id=1", "id"), [made["id"].clone()]);
        let named = send(&app, "/asset/upload-and-record", &form(&[("thing_id", "2"), ("name", " Front ")], Some(("Rio chama.png", "image/png", PNG)))).expect(201);
        assert_eq!((&named["name"], &named["storage_path"]), (&json!("Front"), &made["storage_path"]));
        assert_ne!(named["id"], made["id"], "another thing's");
        assert_eq!(stored(&app.db), [path.to_owned()]);
        let alone = send(&app, "/asset/upload", &form(&[], Some(("Rio chama.png", "image/png", PNG)))).expect(201);
        assert_eq!(alone, json!({"uri": made["uri"], "storage_path": path}));
        assert_eq!(app.get("/asset").expect(200)["total"], 2);
    }

    fn a_large_file_comes_back_as_it_was(db: Database) {
        let app = with_things(db);
        let content = picture(3 * 1024 * 1024 + 17);
        // The texts may come after the file.
        let made = recorded(&app, ("large.png", "image/png", &content));
        assert_eq!(made["size"], content.len());
        assert!(app.get(&path_of(&app, &made["signed_url"])).body == content);
        assert_eq!(stored(&app.db), [made["storage_path"].as_str().unwrap()], "nothing else is left");
    }

    fn two_equal_uploads_at_once_are_one_record(db: Database) {
        let app = with_things(db);
        let content = picture(2 * 1024 * 1024 + 1);
        let body = form(&[("thing_id", "1")], Some(("a.png", "image/png", &content)));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (client, body) = (app.client.clone(), body.clone());
                std::thread::spawn(move || send(&client, "/asset/upload-and-record", &body).expect(201)["id"].clone())
            })
            .collect();
        let ids: Vec<Value> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!((app.get("/asset").expect(200)["total"].clone(), stored(&app.db).len()), (json!(1), 1));
    }

    fn files_that_are_not_taken(db: Database) {
        let app = with_things(db);
        let refused = |kind: &str, content: &[u8]| {
            send(&app, "/asset/upload-and-record", &form(&[("thing_id", "1")], Some(("x.png", kind, content)))).detail(400)
        };
        let allowed = "Allowed are image/jpeg, image/png, image/gif, image/webp, image/tiff, application/pdf, text/plain.";
        // Whatever the bytes are.
        assert_eq!(refused("text/html", PNG), problem(&format!("Unsupported file type: text/html. {allowed}"), json!({"content_type": "text/html"})));
        assert_eq!(refused("image/jpeg", PNG),
            problem("The file is declared as image/jpeg, but its content is image/png.", json!({"content_type": "image/jpeg"})));
        assert_eq!(refused("application/pdf", b"hello")[0]["msg"], "The file is declared as application/pdf, but its content is text/plain.");
        assert_eq!(refused("image/png", b"")[0]["msg"], "The file is declared as image/png, but its content is empty.");
        assert_eq!(refused("text/plain", b"a\0b")[0]["msg"], "The file is declared as text/plain, but its content is of no known type.");
        // Without a record it may be anything.
        let page = send(&app, "/asset/upload", &form(&[], Some(("page.html", "text/html", b"<script>")))).expect(201);
        let made = app.create("/asset", json!({"name": "page.html", "storage_path": page["storage_path"], "mime_type": "text/html", "size": 8,
            "uri": page["uri"]}));
        let signed = app.get(&format!("/asset/{}", made["id"])).expect(200)["signed_url"].clone();
        let sent = app.get(&path_of(&app, &signed));
        assert_eq!((sent.header("content-type"), sent.body.as_slice()), (Some("application/octet-stream"), b"<script>".as_slice()));
        assert!(sent.header("content-disposition").unwrap().starts_with("attachment"));
        app.delete(&format!("/asset/{}", made["id"]));
        for path in ["/asset/upload", "/asset/upload-and-record"] {
            assert_eq!(send(&app, path, &form(&[("thing_id", "1")], None)).detail(422),
                json!([{"type": "missing", "loc": ["body", "file"], "msg": "Field required", "input": null}]));
            assert_eq!(app.post(path, json!({"file": "x"})).detail(422)[0]["loc"], json!(["body", "file"]));
            assert_eq!(send(&app, path, &form(&[("file", "not a file")], None)).detail(422)[0]["loc"], json!(["body", "file"]));
            let body = form(&[("thing_id", "1")], Some(("x.png", "image/png", PNG)));
            assert_eq!(send(&app, path, &body[..body.len() - 40]).detail(400), "The request body could not be read");
            assert_eq!(send(&app, path, b"no form at all").detail(400), "The request body could not be read");
        }
        let record = |texts: &[(&str, &str)]| send(&app, "/asset/upload-and-record", &form(texts, Some(("x.png", "image/png", PNG))));
        assert_eq!(record(&[("thing_id", "4711")]).detail(409), json!([{"type": "value_error", "loc": ["body", "thing_id"],
            "msg": "Thing with ID 4711 not found.", "input": {"thing_id": 4711}}]));
        assert_eq!(record(&[("label", "x")]).detail(422)[0]["loc"], json!(["body", "thing_id"]));
        assert_eq!(record(&[("thing_id", "first")]).detail(422)[0]["type"], "int_parsing");
        assert_eq!(record(&[("thing_id", "1"), ("release_status", "odd")]).detail(422)[0]["msg"], "Value error, Invalid release_status: odd");
        assert_eq!(record(&[("thing_id", "1"), ("name", &"x".repeat(70_000))]).status, 413);
        let many: Vec<(String, String)> = (0..60).map(|at| (format!("f{at}"), String::new())).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(record(&many).status, 413);
        assert_eq!(app.get("/asset").expect(200)["total"], 0);
    }

    fn a_file_beyond_the_limit_is_refused_while_it_comes(db: Database) {
        db.execute("INSERT INTO thing (id, name, thing_type) VALUES (1, 'w', 'water well')");
        let most = 3 * 1024 * 1024;
        let app = db.start_with(|config| config.assets.size_limit = most, |_| {});
        let too_large = |name: &str| problem(&format!("The file exceeds the limit of {most} bytes."), json!({"filename": name}));
        let most = usize::try_from(most).unwrap();
        assert_eq!(recorded(&app, ("fits.png", "image/png", &picture(most)))["size"], most);
        let body = form(&[("thing_id", "1")], Some(("x.png", "image/png", &picture(most + 1))));
        assert_eq!(send(&app, "/asset/upload-and-record", &body).detail(400), too_large("x.png"));
        // Announced: not a byte of it is awaited.
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(head("/asset/upload", Some(250 * 1024 * 1024)).as_bytes()).unwrap();
        let answer = read(stream);
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("exceeds the limit"), "{answer}");
        // Not announced: the answer comes where the limit is.
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(head("/asset/upload", None).as_bytes()).unwrap();
        let beginning = form(&[], Some(("x.png", "image/png", &picture(64 * 1024))));
        let beginning = &beginning[..beginning.len() - 50];
        let mut sent = 0;
        while sent < 10 * most {
            let chunk = [format!("{:x}\r\n", beginning.len()).as_bytes(), beginning, b"\r\n"].concat();
            if stream.write_all(&chunk).is_err() {
                break;
            }
            sent += beginning.len();
        }
        // (What still comes is thrown away by the connection, which takes no other request.)
        let answer = read(stream);
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("connection: close"), "{answer}");
        wait_until_stored(&app, 1);
    }

    fn an_upload_that_stalls_or_ends_leaves_nothing(db: Database) {
        let app = db.start_with(|config| config.server.body_pause = Duration::from_millis(300), |_| {});
        let body = form(&[], Some(("x.png", "image/png", &picture(3 * 1024 * 1024))));
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(head("/asset/upload", Some(body.len())).as_bytes()).unwrap();
        stream.write_all(&body[..2 * 1024 * 1024]).unwrap();
        let answer = read(stream);
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("took too long"), "{answer}");
        wait_until_stored(&app, 0);
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(head("/asset/upload", Some(body.len())).as_bytes()).unwrap();
        stream.write_all(&body[..2 * 1024 * 1024]).unwrap();
        drop(stream);
        wait_until_stored(&app, 0);
        assert_eq!(app.state.edge.bodies.held(), 0);
        send(&app, "/asset/upload", &body).expect(201);
    }

    fn names_lead_nowhere(db: Database) {
        let app = with_things(db);
        for (name, expected) in [
            ("../../x.png", "uploads/x_"),
            ("..\\..\\x.png", "uploads/x_"),
            ("/etc/passwd", "uploads/passwd_"),
            ("..", "uploads/file_"),
            ("Pozo Ni\u{f1}o \u{1f335}.png", "uploads/Pozo_Ni\u{f1}o___"),
            ("a%2f..%2fb#1.png", "uploads/a_2f.._2fb_1_"),
        ] {
            let made = recorded(&app, (name, "image/png", PNG));
            let path = made["storage_path"].as_str().unwrap();
            assert!(path.starts_with(expected), "{name}: {path}");
            let reply = app.get(&path_of(&app, &made["signed_url"]));
            assert_eq!((reply.status, reply.body.as_slice()), (200, PNG), "{name}");
        }
        let long = format!("{}.png", "\u{f1}".repeat(3000));
        let made = recorded(&app, (&long, "image/png", PNG));
        assert_eq!(made["name"].as_str().unwrap().chars().count(), 255);
        // (A header cannot hold it.)
        assert_eq!(send(&app, "/asset/upload", &form(&[], Some(("a\0b.png", "image/png", PNG)))).status, 400);
        assert!(stored(&app.db).iter().all(|name| name.starts_with("uploads/")));
        let beside: Vec<_> = std::fs::read_dir(&app.db.files).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(beside.len(), 2, "{beside:?}");
    }
}

fn wait_until_stored(app: &App, files: usize) {
    slow::wait_until("uploads come to an end", || stored(&app.db).len() == files && app.state.edge.bodies.held() == 0);
}

/// Bytes of memory that the process has at the moment.
#[cfg(target_os = "linux")]
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    status.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// Each test is a process of its own, as nextest runs them; elsewhere others would be measured too.
#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_an_upload_is_that_of_a_piece() {
    const SIZE: usize = 96 * 1024 * 1024;
    if std::env::var_os("NEXTEST").is_none() {
        return;
    }
    let app = with_things(Database::sqlite());
    recorded(&app, ("warm.png", "image/png", &picture(4 * 1024 * 1024)));
    let piece = picture(1024 * 1024);
    let whole = form(&[], Some(("x.png", "image/png", b"")));
    let (before, after) = whole.split_at(whole.len() - BOUNDARY.len() - 8);
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.write_all(head("/asset/upload", Some(whole.len() + SIZE)).as_bytes()).unwrap();
    stream.write_all(before).unwrap();
    let (started, mut most) = (memory(), 0);
    for _ in 0..SIZE / piece.len() {
        stream.write_all(&piece).unwrap();
        most = most.max(memory().saturating_sub(started));
    }
    stream.write_all(after).unwrap();
    let answer = read(stream);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(most < 24 * 1024 * 1024, "{most} bytes more");
}
