//! Where else to look: the path of what was created (`Location`), the pages beside a page (`Link`).

use actix_web::http::Uri;

use crate::auth::KEY_PARAMETER;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::{Found, Next, Page};

/// The key of what a request has created. Kept with the answer until its path is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created(pub i64);

/// Where a page is among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOf {
    /// This page, from 1, unless it was asked for by a row.
    page: Option<i64>,
    /// Pages in all, where they were counted.
    pages: Option<i64>,
    next: Option<Target>,
}

/// A page by what it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// A number.
    Page(i64),
    /// The cursor of the row before.
    After(String),
}

impl PageOf {
    /// The place of what was found for a request, in this envelope.
    pub fn new<T, K>(page: &Page<T>, request: &ListRequest, found: &Found<K>) -> Self {
        let next = match &found.next {
            Next::Nothing => None,
            Next::Page => page.page.map(|page| Target::Page(page + 1)),
            Next::After(position) => Some(Target::After(request.scope.cursor(position))),
        };
        Self { page: page.page, pages: page.pages, next }
    }
}

/// No more than this in one header: proxies have little room for all headers together.
const MOST: usize = 2048;

/// The value of `Link`: the next page, the one before, the first, the last, each with the query that this page was asked by. With a
/// very long query the less useful ones are left out. `None` when there is nothing to name.
pub fn links(uri: &Uri, at: PageOf) -> Option<String> {
    let PageOf { page, pages, next } = at;
    if pages == Some(0) {
        return None;
    }
    let mut links = String::new();
    let before = page.filter(|page| *page > 1).map(|page| pages.map_or(page - 1, |pages| pages.min(page - 1)));
    let others = [(before, "prev"), (Some(1), "first"), (pages, "last")];
    let others = others.into_iter().map(|(page, relation)| (page.map(Target::Page), relation));
    for (target, relation) in std::iter::once((next, "next")).chain(others) {
        let Some(target) = target else { continue };
        let link = format!("<{}>; rel=\"{relation}\"", with_target(uri, &target));
        let comma = if links.is_empty() { "" } else { ", " };
        if links.len() + comma.len() + link.len() <= MOST {
            links.extend([comma, &link]);
        }
    }
    (!links.is_empty()).then_some(links)
}

/// Path and query with another page.
fn with_target(uri: &Uri, target: &Target) -> String {
    let own = match target {
        Target::Page(page) => format!("page={page}"),
        Target::After(cursor) => format!("after={cursor}"),
    };
    let others = uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty());
    let others = others.filter(|pair| !["page", "after", KEY_PARAMETER].iter().any(|name| is(pair, name)));
    let query: Vec<&str> = std::iter::once(own.as_str()).chain(others).collect();
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
        let next = (page < pages).then(|| Target::Page(page + 1));
        links(&uri.parse().unwrap(), PageOf { page: Some(page), pages: Some(pages), next })
    }

    #[test]
    fn behind_a_row_there_are_no_numbers() {
        let uri = "/thing?after=x&size=2&count=false".parse().unwrap();
        let first = "</thing?page=1&size=2&count=false>; rel=\"first\"";
        let next = Some(Target::After("y".to_owned()));
        assert_eq!(
            links(&uri, PageOf { page: None, pages: None, next }).unwrap(),
            format!("</thing?after=y&size=2&count=false>; rel=\"next\", {first}")
        );
        assert_eq!(links(&uri, PageOf { page: None, pages: None, next: None }).unwrap(), first);
        let uncounted = links(&uri, PageOf { page: Some(3), pages: None, next: None }).unwrap();
        assert_eq!(uncounted, format!("</thing?page=2&size=2&count=false>; rel=\"prev\", {first}"));
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
