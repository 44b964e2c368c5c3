//! `/contact`

pub mod address;
pub mod email;
pub mod phone;

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::contact::{Contact, CreateContact, UpdateContact};
use crate::domain::principal::Role::{AmpAdmin, AmpEditor, AmpViewer};
use crate::domain::request::paging::Page;
use crate::store::contact;

resource!(Contact, contact);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Contacts for this thing.
    thing_id: Option<i64>,
}

/// List contacts. They can be sorted by `things`, the smallest name of their things, and filtered by the names of their things.
#[utoipa::path(tag = "contact", params(ListParams, SearchParams), responses((status = 200, body = Page<Contact>)))]
#[get("/contact")]
async fn list_contacts(db: Db, params: Params) -> Answer {
    db.list(
        "list_contacts",
        params,
        |params| {
            let request = params.list();
            let thing_id = params.key("thing_id");
            (request, thing_id)
        },
        contact::find,
        contact::load,
    )
    .await
}

/// Store a contact for a thing, with mail addresses, telephone numbers, postal addresses and notes.
#[utoipa::path(tag = "contact", request_body = CreateContact, responses((status = 201, body = Contact)))]
#[post("/contact")]
async fn create_contact(db: Db, body: Body<CreateContact>) -> Answer {
    db.create("create_contact", body, contact::create).await
}

/// One contact.
#[utoipa::path(tag = "contact", responses((status = 200, body = Contact)))]
#[get("/contact/{contact_id}")]
async fn get_contact(key: Id<Contact>, db: Db) -> Answer {
    db.get("get_contact", key, contact::get).await
}

/// Change a contact. A `thing_id` makes it the contact for one more thing.
#[utoipa::path(tag = "contact", request_body = UpdateContact, responses((status = 200, body = Contact)))]
#[patch("/contact/{contact_id}")]
async fn update_contact(key: Id<Contact>, db: Db, body: Body<UpdateContact>) -> Answer {
    db.update("update_contact", key, body, contact::update).await
}

/// Remove a contact with its mail addresses, telephone numbers, postal addresses and notes, and from the visits that it took part in.
/// Its things stay, and so do the samples that it took.
#[utoipa::path(tag = "contact", responses((status = 204)))]
#[delete("/contact/{contact_id}")]
async fn delete_contact(key: Id<Contact>, db: Db) -> Answer {
    db.delete("delete_contact", key, contact::delete).await
}

/// The routes of contacts.
pub fn routes(routes: &mut Routes) {
    routes
        .add(AmpViewer, list_contacts)
        .add(AmpAdmin, create_contact)
        .add(AmpViewer, get_contact)
        .add(AmpEditor, update_contact)
        .add(AmpAdmin, delete_contact);
}
