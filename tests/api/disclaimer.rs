use std::io::Write as _;

use crate::support::*;

#[test]
fn the_disclaimer_is_a_page_and_data() {
    let app = Database::sqlite().start();
    let page = app.get("/disclaimer");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text().contains("<h1>Disclaimer</h1>") && page.text().contains("<p>"));
    assert_eq!(app.get("/disclaimer?f=html").body, page.body);
    let data = app.get("/disclaimer?f=json").expect(200);
    assert_eq!((&data["title"], &data["contact"]), (&json!("Disclaimer"), &Value::Null));
    assert!(data["paragraphs"].as_array().is_some_and(|paragraphs| paragraphs.len() == 2), "{data}");
    assert_eq!(
        app.get("/disclaimer?f=pdf").detail(422),
        json!([{"type": "value_error", "loc": ["query", "f"], "msg": "Value error, Input should be 'html' or 'json'",
            "input": "pdf", "ctx": {"error": {}}}])
    );
}

#[test]
fn its_text_can_be_ones_own() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "Use & <misuse>\n\nOne\ntwo\n\nContact: data@example.org\n").unwrap();
    let app = Database::sqlite().start_with(|config| config.server.disclaimer = Some(file.path().to_owned()), |_| {});
    let own = json!({"title": "Use & <misuse>", "paragraphs": ["One two"], "contact": "data@example.org"});
    assert_eq!(app.get("/disclaimer?f=json").expect(200), own);
    let page = app.get("/disclaimer").text();
    assert!(page.contains("<h1>Use &amp; &lt;misuse&gt;</h1>") && page.contains("<address>data@example.org</address>"));
    let refused = |path: &std::path::Path| {
        Database::sqlite().refuses_to_start(|config| config.server.disclaimer = Some(path.to_owned()))
    };
    assert!(refused("/nowhere/text".as_ref()).starts_with("server.disclaimer: /nowhere/text: "));
    let empty = tempfile::NamedTempFile::new().unwrap();
    assert_eq!(refused(empty.path()), "server.disclaimer: a title and a paragraph, with an empty line between them");
}
