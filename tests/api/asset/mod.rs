//! `/asset`.

mod content;
mod gc;
mod record;
mod upload;

use crate::field_event::with_things;
use crate::support::*;

pub const BOUNDARY: &str = "------------------------4f1e";

/// A file of a form: its name, its type, its content.
pub type File<'a> = (&'a str, &'a str, &'a [u8]);

/// The smallest picture that is one.
pub const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82";

/// The body of a form.
pub fn form(texts: &[(&str, &str)], file: Option<File<'_>>) -> Vec<u8> {
    let mut body = Vec::new();
    if let Some((name, kind, content)) = file {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    for (name, text) in texts {
        let part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// The type of such a body.
pub fn kind() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A form with a file of text.
pub fn text_form(texts: &[(&str, &str)], content: &str) -> String {
    String::from_utf8(form(texts, Some(("a.txt", "text/plain", content.as_bytes())))).unwrap()
}

pub fn send(client: &Client, path: &str, body: &[u8]) -> Reply {
    client.send("POST", path, Some(&kind()), body)
}

/// A file that is stored and recorded for thing 1.
pub fn recorded(app: &App, file: File<'_>) -> Value {
    send(app, "/asset/upload-and-record", &form(&[("thing_id", "1")], Some(file))).expect(201)
}

/// The path of a URL of this server.
pub fn path_of(app: &App, url: &Value) -> String {
    let base = format!("http://{}", app.client.address());
    url.as_str().unwrap().strip_prefix(&base).unwrap_or_else(|| panic!("{url} is not at {base}")).to_owned()
}

/// The names of all files in the storage, those that are being written too.
pub fn stored(db: &Database) -> Vec<String> {
    let mut names = Vec::new();
    for folder in ["incoming", "uploads"] {
        let Ok(entries) = std::fs::read_dir(db.files.join("objects").join(folder)) else { continue };
        names.extend(entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy())));
    }
    names.sort();
    names
}

/// Requests of every route that stores or ties files; one asset belongs to the thing, another to none.
pub fn plant(client: &Client, thing: i64) {
    let file = Some(("a.png", "image/png", PNG));
    send(client, "/asset/upload", &form(&[], file)).expect(201);
    send(client, "/asset/upload-and-record", &form(&[("thing_id", &thing.to_string())], file)).expect(201);
    let record = |name: &str, thing: Value| json!({"name": name, "storage_path": name, "mime_type": "image/png", "size": 1, "uri": name, "thing_id": thing});
    let made = client.create("/asset", record("b.png", json!(thing)));
    client.patch(&format!("/asset/{}/association", made["id"]), json!({"thing_id": thing + 1})).expect(200);
    client.create("/asset", record("c.png", json!(null)));
}
