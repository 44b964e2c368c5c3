//! Samples.

use std::collections::HashMap;

use diesel::dsl::Nullable;
use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{
    field_activity as activity, field_event as event, field_event_participant as participant, sample,
};
use crate::db::{
    Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, one_of_texts, rows, selected, sharing,
};
use crate::domain::contact::Contact;
use crate::domain::field_activity::FieldActivity;
use crate::domain::field_event::{FieldEvent, SampleDetails};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::manual::Observation;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::sample::{CreateSample, Sample, SampleSearch, UpdateSample};
use crate::domain::thing::Thing;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{FIELD_ACTIVITY, FIELD_EVENT, FIELD_EVENT_PARTICIPANT, SAMPLE, visible};
use crate::store::{StoreError, contact, field_activity, field_event, field_event_participant, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "sample", model: "Sample" };

/// A row of the table, with the contact behind the participant who took the sample.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sample, check_for_backend(Backend))]
pub(in crate::store) struct SampleRow {
    pub(in crate::store) id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    pub(in crate::store) field_activity_id: i32,
    #[diesel(select_expression = participant::contact_id.nullable())]
    #[diesel(select_expression_type = Nullable<participant::contact_id>)]
    contact_id: Option<i32>,
    sample_date: UtcDateTime,
    sample_name: String,
    sample_matrix: String,
    sample_method: String,
    qc_type: String,
    depth_top: Option<f64>,
    depth_bottom: Option<f64>,
    notes: Option<String>,
}

impl SampleRow {
    /// The sample with its observations.
    pub(in crate::store) fn details(
        self,
        contacts: &HashMap<i32, Contact>,
        observations: Vec<Observation>,
    ) -> SampleDetails {
        SampleDetails {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            contact: self.contact_id.and_then(|contact| contacts.get(&contact).cloned()),
            sample_date: self.sample_date,
            sample_name: self.sample_name,
            sample_matrix: self.sample_matrix,
            sample_method: self.sample_method,
            qc_type: self.qc_type,
            notes: self.notes,
            depth_top: self.depth_top,
            depth_bottom: self.depth_bottom,
            observations,
        }
    }
}

stored! {
    sample: NewSample from CreateSample, SampleChange from UpdateSample;
    taken {
        sample_date: UtcDateTime,
        sample_name: String,
        sample_matrix: String,
        sample_method: String,
        qc_type: String,
        depth_top?: f64,
        depth_bottom?: f64,
        notes?: String
    }
    given { field_activity_id: i32, field_event_participant_id?: i32 }
}

listed!(sample);

static LISTING: Listing<sample::table> = Listing {
    model: TABLE.model,
    rule: &SAMPLE,
    columns: &[
        Column::of(sample::id),
        Column::of(sample::created_at),
        Column::of(sample::release_status),
        Column::of(sample::release_at),
        Column::of(sample::field_activity_id),
        Column::of(sample::field_event_participant_id),
        Column::of(sample::sample_date),
        Column::of(sample::sample_name),
        Column::of(sample::sample_matrix),
        Column::of(sample::sample_method),
        Column::of(sample::qc_type),
        Column::of(sample::depth_top),
        Column::of(sample::depth_bottom),
        Column::of(sample::notes),
        Column::of(sample::nma_pk_waterlevels),
    ],
};

/// A page of samples.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &SampleSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || Ok(conditions(sight, search));
    let costly = !search.region.is_everywhere();
    let search = Search { costly, ..Search::new(&narrow) };
    let (found, ()) = sample::table::find_page(session, &LISTING, request, search)?;
    Ok(found)
}

fn conditions(sight: Sight, search: &SampleSearch) -> Vec<Condition<sample::table>> {
    let mut all: Vec<Condition<sample::table>> = Vec::new();
    // Nothing is asked about who sees the activity: a sample is seen with its activity only.
    let activities = || activity::table.inner_join(event::table).select(activity::id);
    if let Some(thing) = search.thing_id {
        let there = activities().filter(event::thing_id.eq(thing));
        all.push(Box::new(in_query(sample::field_activity_id, there)));
    }
    if !search.region.is_everywhere() {
        let there = activities().filter(in_query(event::thing_id, thing::now_in(sight, &search.region)));
        all.push(Box::new(in_query(sample::field_activity_id, there)));
    }
    all
}

/// The rows with these ids, by id.
pub(in crate::store) fn rows_of(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<SampleRow>> {
    let taker = participant::table.on(sample::field_event_participant_id
        .eq(participant::id.nullable())
        .and(visible(sight, &FIELD_EVENT_PARTICIPANT)));
    let samples = sample::table.left_join(taker).filter(among(sample::id, ids)).filter(visible(sight, &SAMPLE));
    rows::<SampleRow, _>(samples.order(sample::id).select(columns::<SampleRow>()))
}

/// The samples with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Sample>, StoreError> {
    let samples = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(samples, ids, |sample| sample.id))
}

/// The samples with these ids and where they come from, by id.
fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Sample>> {
    let these = sample::table.filter(among(sample::id, ids.clone())).filter(visible(sight, &SAMPLE));
    let contacts = participant::table
        .filter(among(participant::id, selected(these.clone().select(sample::field_event_participant_id))))
        .filter(visible(sight, &FIELD_EVENT_PARTICIPANT))
        .select(participant::contact_id);
    let origins = sharing("sample_activities", these.select(sample::field_activity_id), |activities| {
        let events = activity::table
            .filter(among(activity::id, activities.clone()))
            .filter(visible(sight, &FIELD_ACTIVITY))
            .select(activity::field_event_id);
        let of_events = sharing("sample_events", events, |events| {
            let things = event::table
                .filter(among(event::id, events.clone()))
                .filter(visible(sight, &FIELD_EVENT))
                .select(event::thing_id)
                .distinct();
            let of_things = sharing("sample_things", things, |things| thing::things(sight, things));
            (field_event::read(sight, events), of_things)
        });
        let takers = sharing("sample_contacts", contacts, |contacts| contact::read(sight, contacts));
        (field_activity::read(sight, activities), of_events, takers)
    })
    .giving(|(activities, (events, things), contacts)| (activities, events, things, contacts));
    (rows_of(sight, ids), origins).giving(|(rows, origins)| with_origins(rows, origins))
}

/// What samples come from: activities, visits, things, and the contacts that took them.
type Origins = (Vec<FieldActivity>, Vec<FieldEvent>, Vec<Thing>, HashMap<i32, Contact>);

fn with_origins(rows: Vec<SampleRow>, (activities, events, things, contacts): Origins) -> Vec<Sample> {
    let activities: HashMap<i32, FieldActivity> = activities.into_iter().map(|found| (found.id, found)).collect();
    let events: HashMap<i32, FieldEvent> = events.into_iter().map(|found| (found.id, found)).collect();
    let things: HashMap<i32, Thing> = things.into_iter().map(|found| (found.base.id, found)).collect();
    // The foreign keys see to it that every sample has an activity, that a visit, and that a thing.
    let with_origin = |row: SampleRow| {
        let field_activity = activities.get(&row.field_activity_id)?.clone();
        let field_event = events.get(&field_activity.field_event_id)?.clone();
        Some(Sample {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            thing: things.get(&field_event.thing_id)?.clone(),
            field_event,
            field_activity: field_activity.into(),
            contact: row.contact_id.and_then(|contact| contacts.get(&contact).cloned()),
            sample_date: row.sample_date,
            sample_name: row.sample_name,
            sample_matrix: row.sample_matrix,
            sample_method: row.sample_method,
            qc_type: row.qc_type,
            notes: row.notes,
            depth_top: row.depth_top,
            depth_bottom: row.depth_bottom,
        })
    };
    rows.into_iter().filter_map(with_origin).collect()
}

/// One sample.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Sample, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// The activity that a form names. The contract has words of its own for one that is not there.
fn activity(sent: i64) -> Named {
    Named::new(field_activity::TABLE, "field_activity_id", sent).or_say("does not exist.")
}

/// Refuses names that samples have, but for the one that is changed.
fn require_unique(session: &mut Session<'_>, names: &[String], but: Option<i32>) -> Result<(), StoreError> {
    let taken: Vec<String> = sample::table
        .filter(one_of_texts(sample::sample_name, names))
        .filter(sample::id.ne(but.unwrap_or(0)))
        .select(sample::sample_name)
        .load(session)?;
    let Some(name) = names.iter().find(|name| taken.contains(name)) else {
        return Ok(());
    };
    let message = format!("{} with sample_name {name} already exists.", TABLE.model);
    Err(StoreError::conflict("sample_name", message, json!(name)))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateSample>>) -> Result<Vec<NewSample>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        let taker = Named::optional(
            field_event_participant::TABLE,
            "field_event_participant_id",
            form.field_event_participant_id,
        );
        [activity(form.field_activity_id)].into_iter().chain(taker).collect()
    })?;
    let names: Vec<String> = checked.iter().map(|(_, form)| form.sample_name.clone()).collect();
    require_unique(session, &names, None)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateSample)| {
        let (activity, taker) = (check::id(form.field_activity_id), form.field_event_participant_id.map(check::id));
        NewSample::of(id, form, by, activity, taker)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewSample>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a sample.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateSample>) -> Result<Sample, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateSample>) -> Result<Sample, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        let taker = Named::patched(
            field_event_participant::TABLE,
            "field_event_participant_id",
            &form.field_event_participant_id,
        );
        form.field_activity_id.map(activity).into_iter().chain(taker).collect()
    })?;
    if let Some(name) = &patch.sample_name {
        require_unique(session, std::slice::from_ref(name), Some(id))?;
    }
    let activity = patch.field_activity_id.map(check::id);
    let taker = patch.field_event_participant_id.clone().map(check::id).into_change();
    let change = SampleChange::of(patch, session.principal(), activity, taker);
    diesel::update(sample::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Says of the samples that these participants took that nobody is known to have taken them.
pub(in crate::store) fn forget_takers(session: &mut WriteSession<'_>, participants: &[i32]) -> QueryResult<()> {
    let by = session.principal();
    let taken = sample::table.filter(among(sample::field_event_participant_id, Numbers::new(participants)));
    let nobody = SampleChange {
        field_event_participant_id: Some(None),
        updated_by_id: by.id.clone(),
        updated_by_name: by.name.clone(),
        ..SampleChange::default()
    };
    diesel::update(taken).set(nobody).execute(session).map(drop)
}

/// Removes a sample with its observations.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(sample::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
