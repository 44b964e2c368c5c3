//! One search over contacts, wells, springs and assets.
//!
//! What is looked through belongs to a record, but stands in rows of several tables: the materials of a well's casing, the mail
//! addresses of a contact. So each term is looked up in the index of each of these tables, as far as its rows may be seen, and the
//! records are those that have all terms, wherever they stand. No copy of the texts is kept that could fall behind, or show
//! what is hidden.

mod load;

use diesel::IntoSql as _;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::db::{Read, SearchTerms, Session, holding, rows};
use crate::domain::principal::{Role, Sight};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::{Found, Next, Total};
use crate::domain::request::search::SearchQuery;
use crate::domain::search::{Hit, Search, SearchGroup};
use crate::store::StoreError;
use crate::store::query::visibility as rules;
use crate::store::query::visibility::Rule;
use crate::store::query::written::{Part, written};

pub use load::load;

/// A category: which records it has, and where their texts stand.
struct Records {
    category: SearchGroup,
    table: &'static str,
    rule: &'static Rule,
    /// What a record is called, in SQL.
    label: &'static str,
    /// Which rows of the table are in the category, in SQL.
    which: fn(Sight) -> String,
    /// The tables with its texts, each with the column that names the record.
    texts: &'static [(&'static str, &'static str, &'static Rule)],
}

static CONTACTS: Records = Records {
    category: SearchGroup::Contacts,
    table: "contact",
    rule: &rules::CONTACT,
    label: "coalesce(contact.name, contact.organization)",
    which: |_| "TRUE".to_owned(),
    texts: &[
        ("contact", "id", &rules::CONTACT),
        ("email", "contact_id", &rules::EMAIL),
        ("phone", "contact_id", &rules::PHONE),
        ("address", "contact_id", &rules::ADDRESS),
    ],
};

static WELLS: Records = Records {
    category: SearchGroup::Wells,
    table: "thing",
    rule: &rules::THING,
    label: "thing.name",
    which: |_| "thing.thing_type = 'water well'".to_owned(),
    texts: &[
        ("thing", "id", &rules::THING),
        ("well_casing_material", "thing_id", &rules::WELL_CASING_MATERIAL),
        ("well_purpose", "thing_id", &rules::WELL_PURPOSE),
    ],
};

static SPRINGS: Records = Records {
    category: SearchGroup::Springs,
    table: "thing",
    rule: &rules::THING,
    label: "thing.name",
    which: |_| "thing.thing_type = 'spring'".to_owned(),
    texts: &[("thing", "id", &rules::THING)],
};

static ASSETS: Records = Records {
    category: SearchGroup::Assets,
    table: "asset",
    rule: &rules::ASSET,
    label: "asset.name",
    which: |sight| {
        let tie = rules::ASSET_THING.sql(sight, "tie");
        format!("EXISTS (SELECT 1 FROM asset_thing_association tie WHERE tie.asset_id = asset.id AND {tie})")
    },
    texts: &[("asset", "id", &rules::ASSET)],
};

/// A page of the hits of all categories, one category after the other. In a category, those come first whose label is most
/// similar to what is asked for.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &Search) -> Result<Found<Hit>, StoreError> {
    let asked = search.query.as_ref().filter(|query| !query.alternatives().is_empty());
    let Some(query) = asked else {
        return Ok(Found { ids: Vec::new(), total: Total::Exact(0), next: Next::Nothing });
    };
    let sight = session.sight();
    let terms = SearchTerms::of(query);
    let of = |records: &Records| found(records, sight, query, &terms, search.limit);
    // Who reads things does not yet read people.
    let people = session.principal().grants.include(Role::AmpViewer) && !sight.is_public();
    let (contacts, wells, springs, assets) =
        session.read((people.then(|| of(&CONTACTS)), of(&WELLS), of(&SPRINGS), of(&ASSETS)))?;
    let all: Vec<Hit> = contacts.into_iter().chain([wells, springs, assets]).flatten().collect();
    let (skipped, size) = (usize::try_from(request.page.offset()), usize::try_from(request.page.size));
    let ids = all.iter().copied().skip(skipped.unwrap_or(usize::MAX)).take(size.unwrap_or(usize::MAX));
    // Few enough to be counted, and in an order that no row's column has.
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let is_last = total <= request.page.offset().saturating_add(request.page.size);
    let next = if is_last { Next::Nothing } else { Next::Page };
    Ok(Found { ids: ids.collect(), total: Total::Exact(total), next })
}

fn found(
    records: &Records,
    sight: Sight,
    query: &SearchQuery,
    terms: &SearchTerms,
    limit: i64,
) -> impl Read<Output = Vec<Hit>> + use<> {
    let mut parts: Vec<Part<'static>> = vec![
        ("sought", Box::new(terms.sought())),
        ("needs", Box::new(terms.needs())),
        ("text", Box::new(query.text().to_owned().into_sql::<Text>())),
        ("limit", Box::new(limit.into_sql::<BigInt>())),
    ];
    for (table, ..) in records.texts {
        parts.push((*table, Box::new(holding(table))));
    }
    let refusing = i64::try_from(terms.refusing()).unwrap_or(i64::MAX);
    if refusing > 0 {
        parts.push(("refusing", Box::new(refusing.into_sql::<BigInt>())));
    }
    let select = written::<Integer>(statement(records, sight, refusing > 0), parts).kept();
    let category = records.category;
    rows::<i32, _>(select).giving(move |ids| ids.into_iter().map(|id| Hit { category, id }).collect())
}

/// The keys of the records that match, the most similar ones first.
///
/// `hit` is each term with each record that has it. An alternative holds for the records that have all terms that it wants, and
/// none of the others: then there are as many rows as it wants, and all of them are wanted. Alternatives that only say what they do
/// not want (`refusing`) hold for whatever does not have something that each of them refuses.
fn statement(records: &Records, sight: Sight, refusing: bool) -> String {
    let Records { table, rule, label, which, texts, .. } = records;
    let hits = texts.iter().map(|(table, key, rule)| {
        let seen = rule.sql(sight, table);
        format!("SELECT term.number, {table}.{key} AS id FROM ${table}$ WHERE {seen}")
    });
    let hits = hits.collect::<Vec<_>>().join(" UNION ");
    let refused = if refusing {
        format!(
            " UNION SELECT {table}.id FROM {table} WHERE {table}.id NOT IN (\
                SELECT hit.id FROM hit JOIN need ON need.number = hit.number WHERE need.wants = 0 \
                GROUP BY hit.id HAVING count(DISTINCT need.alternative) = $refusing$)"
        )
    } else {
        String::new()
    };
    let (seen, which) = (rule.sql(sight, table), which(sight));
    format!(
        "WITH term AS MATERIALIZED ($sought$), need AS MATERIALIZED ($needs$), hit AS MATERIALIZED ({hits}), \
        matching AS (\
            SELECT hit.id FROM hit JOIN need ON need.number = hit.number WHERE need.wants > 0 \
            GROUP BY need.alternative, hit.id \
            HAVING min(need.wanted) = 1 AND count(*) = min(need.wants){refused}) \
        SELECT {table}.id FROM {table} \
        WHERE {table}.id IN (SELECT matching.id FROM matching) AND {which} AND {seen} \
        ORDER BY similarity({label}, $text$) DESC, fold({label}), {table}.id LIMIT $limit$"
    )
}
