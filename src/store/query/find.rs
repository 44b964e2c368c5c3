//! Finding the ids of a page, in order, with the total of all pages; and bringing loaded items into that order.

use std::collections::HashMap;

use crate::db::{Read, Session};
use crate::domain::request::list::{Direction, ListRequest, Sort};
use crate::domain::request::paging::{Found, Total};
use crate::store::StoreError;
use crate::store::query::keyset::Hit;
use crate::store::query::listing::{Condition, Listing, Order};

/// Makes the conditions of a search. They are needed once for the total and once for the ids.
pub type Narrow<'a, T> = &'a dyn Fn() -> Result<Vec<Condition<T>>, StoreError>;

/// What a list is about, beside what every request says: see [`Listed::find_page`].
pub struct Search<'a, T, R = ()> {
    /// Further conditions.
    pub narrow: Narrow<'a, T>,
    /// The sort when none is asked for; by id when there is none.
    pub default: Option<Sort>,
    /// The order when none is asked for, where it is by something that is no column.
    pub best: Vec<Order<T>>,
    /// The conditions are worth more than a sort: then the total is counted along with the ids of the first page.
    pub costly: bool,
    /// What else is to be read in the same statement, such as whether the parent is there.
    pub also: R,
}

impl<'a, T> Search<'a, T> {
    /// The rows of which `narrow` holds, by id.
    pub fn new(narrow: Narrow<'a, T>) -> Self {
        Self { narrow, default: None, best: Vec::new(), costly: false, also: () }
    }
}

impl<'a, T, R> Search<'a, T, R> {
    /// The same by a column.
    pub fn by(self, column: &'static str, direction: Direction) -> Self {
        Self { default: Some(Sort::by(column, direction)), ..self }
    }

    /// The same, with something else read along.
    pub fn with<A: Read>(self, also: A) -> Search<'a, T, A> {
        let Self { narrow, default, best, costly, .. } = self;
        Search { narrow, default, best, costly, also }
    }
}

/// A table whose rows are listed. Declared by `listed!`.
pub trait Listed: Sized + 'static {
    /// Finds a page in one statement: its ids, what follows and the total, and whatever else the search reads. Ids break ties.
    fn find_page<R: Read + 'static>(
        session: &mut Session<'_>,
        listing: &'static Listing<Self>,
        request: &ListRequest,
        search: Search<'_, Self, R>,
    ) -> Result<(Found, R::Output), StoreError>;
}

/// Declares a table as listed: `listed!(sensor);`
macro_rules! listed {
    ($table:ident) => {
        impl $crate::store::query::find::Listed for $table::table {
            fn find_page<R: $crate::db::Read + 'static>(
                session: &mut $crate::db::Session<'_>,
                listing: &'static $crate::store::query::listing::Listing<Self>,
                request: &$crate::domain::request::list::ListRequest,
                search: $crate::store::query::find::Search<'_, Self, R>,
            ) -> Result<($crate::domain::request::paging::Found, R::Output), $crate::store::StoreError> {
                use diesel::sql_types::{BigInt, Integer};

                use $crate::db::{Backend, Read, row, rows};
                use $crate::domain::request::list::Count;
                use $crate::domain::request::paging::Total;
                use $crate::store::query::find::{counted_along, without_keys};
                use $crate::store::query::keyset::{Hit, Keyset};

                let plan = listing.plan(session.sight(), request, search.default);
                let filtered = || -> Result<_, $crate::store::StoreError> {
                    let mut query = $table::table.into_boxed::<Backend>().filter(plan.visible());
                    for condition in plan.conditions()?.into_iter().chain((search.narrow)()?) {
                        query = query.filter(condition);
                    }
                    Ok(query)
                };
                let mut ids = filtered()?;
                let by_best = !plan.is_sorted() && !search.best.is_empty();
                let keyset = if by_best { Keyset::Nothing } else { plan.keyset()? };
                if let Some(after) = &request.after {
                    let mut whole = None;
                    if let Some(text) = keyset.text_to_look_up(after) {
                        let last = $table::table.into_boxed::<Backend>().filter(plan.visible());
                        let last = last.filter($table::id.eq(after.id)).select(text);
                        whole = session.read(row::<Option<String>, _>(last))?.flatten();
                    }
                    ids = ids.filter(plan.behind(keyset, after, whole, Box::new($table::id))?);
                }
                for order in if by_best { search.best } else { plan.orders()? } {
                    ids = ids.then_order_by(order);
                }
                ids = if plan.descending() {
                    ids.then_order_by($table::id.desc())
                } else {
                    ids.then_order_by($table::id.asc())
                };
                let ids = ids.limit(request.limit()).offset(request.offset());
                let (text, number) = plan.key(keyset);
                let count = request.counted();
                // Beyond the first page there may be no row to carry the count.
                if search.costly && count == Count::Exact && request.offset() == 0 && request.after.is_none() {
                    let all = $crate::db::raw::<BigInt>("count(*) OVER ()");
                    let hits =
                        rows::<(i32, Option<String>, Option<f64>, i64), _>(ids.select(($table::id, text, number, all)));
                    let (hits, also) = session.read((hits, search.also))?;
                    let (hits, total) = counted_along(hits);
                    return Ok((keyset.found(request, hits, total), also));
                }
                let exactly = match count {
                    Count::Exact => Some(row::<i64, _>(filtered()?.count())),
                    Count::Bounded | Count::No => None,
                };
                let up_to_a_bound = match count {
                    Count::Bounded => {
                        let some = filtered()?.select($crate::db::raw::<Integer>("1")).limit(Count::BOUND + 1);
                        Some(row::<i64, _>($crate::store::query::subquery::counted(some)))
                    }
                    Count::Exact | Count::No => None,
                };
                let (hits, exactly, up_to_a_bound, also) = if keyset.has_key() {
                    let hits = rows::<Hit, _>(ids.select(($table::id, text, number)));
                    session.read((hits, exactly, up_to_a_bound, search.also))?
                } else {
                    let ids = rows::<i32, _>(ids.select($table::id));
                    session.read((ids.giving(without_keys), exactly, up_to_a_bound, search.also))?
                };
                let total = match count {
                    Count::Exact => Total::Exact(exactly.flatten().unwrap_or_default()),
                    Count::Bounded => Total::bounded(up_to_a_bound.flatten().unwrap_or_default()),
                    Count::No => Total::Unknown,
                };
                Ok((keyset.found(request, hits, total), also))
            }
        }
    };
}
pub(crate) use listed;

/// Rows of which nothing is needed but the ids.
pub fn without_keys(ids: Vec<i32>) -> Vec<Hit> {
    ids.into_iter().map(|id| (id, None, None)).collect()
}

/// Rows that came with the total in each of them.
pub fn counted_along(rows: Vec<(i32, Option<String>, Option<f64>, i64)>) -> (Vec<Hit>, Total) {
    let total = rows.first().map_or(0, |(.., total)| *total);
    (rows.into_iter().map(|(id, text, number, _)| (id, text, number)).collect(), Total::Exact(total))
}

/// Brings items into the order of their ids.
pub fn in_order<T>(mut items: Vec<T>, ids: &[i32], id: impl Fn(&T) -> i32) -> Vec<T> {
    let places: HashMap<i32, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    items.sort_by_cached_key(|item| places.get(&id(item)).copied());
    items
}

/// Children by their parent, in the order in which they were read.
pub fn by_parent<R, T>(rows: Vec<R>, parent: impl Fn(&R) -> i32, child: impl Fn(R) -> T) -> HashMap<i32, Vec<T>> {
    let mut children: HashMap<i32, Vec<T>> = HashMap::new();
    for row in rows {
        children.entry(parent(&row)).or_default().push(child(row));
    }
    children
}
