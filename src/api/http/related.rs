//! Where else to look: the path of what was created (`Location`), the pages beside a page (`Link`).

use actix_web::http::Uri;

use crate::auth::KEY_PARAMETER;

/// The key of what a request has created. Kept with the answer until its path is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created(pub i64);

/// Where a page is among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageOf {
    /// This page, from 1.
    pub page: i64,
    /// Pages in all.
    pub pages: i64,
}

/// No more than this in one header: proxies have little room for all headers together.
const MOST: usize = 2048;

/// The value of `Link`: the next page, the one before, the first, the last, each with the query that this page was asked by. With a
/// very long query the less useful ones are left out. `None` when there is nothing to name.
pub fn links(uri: &Uri, at: PageOf) -> Option<String> {
    if at.pages < 1 {
        return None;
    }
    let mut links = String::new();
    let before = (at.page > 1).then(|| (at.page - 1).min(at.pages));
    let next = (at.page < at.pages).then(|| at.page + 1);
    for (page, relation) in [(next, "next"), (before, "prev"), (Some(1), "first"), (Some(at.pages), "last")] {
        let Some(page) = page else { continue };
        let link = format!("<{}>; rel=\"{relation}\"", with_page(uri, page));
        let comma = if links.is_empty() { "" } else { ", " };
        if links.len() + comma.len() + link.len() <= MOST {
            links.extend([comma, &link]);
        }
    }
    (!links.is_empty()).then_some(links)
}

/// Path and query with another page.
fn with_page(uri: &Uri, page: i64) -> String {
    let page = format!("page={page}");
    let others = uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty());
    let others = others.filter(|pair| !is(pair, "page") && !is(pair, KEY_PARAMETER));
    let query: Vec<&str> = std::iter::once(page.as_str()).chain(others).collect();
    let target = format!("{}?{}", uri.path(), query.join("&"));
    // They would end the link, or the quotation.
    target.replace('<', "%3C").replace('>', "%3E").replace('"', "%22")
}

/// True for the pair of a query string that has this name.
fn is(pair: &str, name: &str) -> bool {
    form_urlencoded::parse(pair.as_bytes()).any(|(known, _)| known == name)
}

/// A query string without the API key that it may hold: what a client is sent is kept in places that it does not think of.
pub fn without_key(query: &str) -> String {
    let pairs: Vec<&str> = query.split('&').filter(|pair| !is(pair, KEY_PARAMETER)).collect();
    pairs.join("&")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(uri: &str, page: i64, pages: i64) -> Option<String> {
        links(&uri.parse().unwrap(), PageOf { page, pages })
    }

    #[test]
    fn the_query_goes_along() {
        assert_eq!(
            of("/thing?size=2&%70age=2&name=a%26b&&flag", 2, 3).unwrap(),
            "</thing?page=3&size=2&name=a%26b&flag>; rel=\"next\", </thing?page=1&size=2&name=a%26b&flag>; rel=\"prev\", \
             </thing?page=1&size=2&name=a%26b&flag>; rel=\"first\", </thing?page=3&size=2&name=a%26b&flag>; rel=\"last\""
        );
        assert_eq!(of("/thing", 1, 1).unwrap(), "</thing?page=1>; rel=\"first\", </thing?page=1>; rel=\"last\"");
        assert!(of("/thing?page=9", 9, 3).unwrap().starts_with("</thing?page=3>; rel=\"prev\", "));
        assert_eq!(of("/thing", 1, 0), None);
    }

    #[test]
    fn a_key_does_not_go_along() {
        let link = of("/thing?token=ocot_x&size=2&%74oken=ocot_y&token", 1, 1).unwrap();
        assert_eq!(link, "</thing?page=1&size=2>; rel=\"first\", </thing?page=1&size=2>; rel=\"last\"");
        assert_eq!(without_key("a=b&token=ocot_x&c"), "a=b&c");
        assert_eq!(without_key("token=ocot_x"), "");
    }

    #[test]
    fn a_long_query_leaves_room() {
        let link = of(&format!("/thing?name={}", "x".repeat(900)), 2, 3).unwrap();
        assert!(link.contains("next") && link.contains("prev") && !link.contains("last") && link.len() <= MOST);
        assert_eq!(of(&format!("/thing?name={}", "x".repeat(3000)), 2, 3), None);
    }
}
