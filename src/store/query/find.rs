//! Finding the ids of a page, in order, with the total of all pages; and bringing loaded items into that order.

use std::collections::HashMap;

use crate::db::{Read, Session};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::query::listing::{Condition, Listing, Order};

/// Makes the conditions of a search. They are needed once for the total and once for the ids.
pub type Narrow<'a, T> = &'a dyn Fn() -> Result<Vec<Condition<T>>, StoreError>;

/// What a list is about, beside what every request says: see [`Listed::find_page`].
pub struct Search<'a, T, R = ()> {
    /// Further conditions.
    pub narrow: Narrow<'a, T>,
    /// The order when none is asked for; by id when empty.
    pub default: Vec<Order<T>>,
    /// The conditions are worth more than a sort: then the total is counted along with the ids of the first page.
    pub costly: bool,
    /// What else is to be read in the same statement, such as whether the parent is there.
    pub also: R,
}

impl<'a, T> Search<'a, T> {
    /// The rows of which `narrow` holds, by id.
    pub fn new(narrow: Narrow<'a, T>) -> Self {
        Self { narrow, default: Vec::new(), costly: false, also: () }
    }
}

impl<'a, T, R> Search<'a, T, R> {
    /// The same in another order.
    pub fn by(self, default: Vec<Order<T>>) -> Self {
        Self { default, ..self }
    }

    /// The same, with something else read along.
    pub fn with<A: Read>(self, also: A) -> Search<'a, T, A> {
        Search { narrow: self.narrow, default: self.default, costly: self.costly, also }
    }
}

/// A table whose rows are listed. Declared by `listed!`.
pub trait Listed: Sized + 'static {
    /// Finds a page in one statement: its ids and the total, and whatever else the search reads. Ids break ties.
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
                let plan = listing.plan(session.sight(), request);
                let filtered = || -> Result<_, $crate::store::StoreError> {
                    let mut query = $table::table.into_boxed::<$crate::db::Backend>().filter(plan.visible());
                    for condition in plan.conditions()?.into_iter().chain((search.narrow)()?) {
                        query = query.filter(condition);
                    }
                    Ok(query)
                };
                let mut ids = filtered()?;
                for order in if plan.is_sorted() { plan.orders()? } else { search.default } {
                    ids = ids.then_order_by(order);
                }
                ids = if plan.descending() {
                    ids.then_order_by($table::id.desc())
                } else {
                    ids.then_order_by($table::id.asc())
                };
                let page = request.page;
                let ids = ids.limit(page.size).offset(page.offset());
                // Beyond the first page there may be no row to carry the count.
                if search.costly && page.page == 1 {
                    let count = $crate::db::raw::<diesel::sql_types::BigInt>("count(*) OVER ()");
                    let counted = $crate::db::rows::<(i32, i64), _>(ids.select(($table::id, count)));
                    let (counted, also) = session.read((counted, search.also))?;
                    return Ok(($crate::store::query::find::counted(counted), also));
                }
                let total = $crate::db::row::<i64, _>(filtered()?.count());
                let ids = $crate::db::rows::<i32, _>(ids.select($table::id));
                let (total, ids, also) = session.read((total, ids, search.also))?;
                Ok(($crate::domain::request::paging::Found { ids, total: total.unwrap_or_default() }, also))
            }
        }
    };
}
pub(crate) use listed;

/// Ids that came with the total in each row.
pub fn counted(rows: Vec<(i32, i64)>) -> Found {
    let total = rows.first().map_or(0, |(_, total)| *total);
    Found { ids: rows.into_iter().map(|(id, _)| id).collect(), total }
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
