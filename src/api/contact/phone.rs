//! `/contact/phone`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::contact::Contact;
use crate::domain::contact::phone::{CreatePhone, Phone, UpdatePhone};
use crate::domain::principal::Role::{AmpAdmin, AmpEditor, AmpViewer};
use crate::domain::request::paging::Page;
use crate::store::contact::phone;

resource!(Phone, phone);

/// List telephone numbers of contacts.
#[utoipa::path(tag = "contact", params(ListParams), responses((status = 200, body = Page<Phone>)))]
#[get("/contact/phone")]
async fn list_phones(db: Db, params: Params) -> Answer {
    db.list("list_phones", params, |params| (params.list(), ()), phone::find, phone::load).await
}

/// List a contact's telephone numbers.
#[utoipa::path(tag = "contact", params(ListParams), responses((status = 200, body = Page<Phone>)))]
#[get("/contact/{contact_id}/phone")]
async fn list_phones_of_contact(key: Id<Contact>, db: Db, params: Params) -> Answer {
    db.list("list_phones_of_contact", params, move |params| (params.list(), key.id), phone::find_of, phone::load).await
}

/// Store a telephone number of a contact.
#[utoipa::path(tag = "contact", request_body = CreatePhone, responses((status = 201, body = Phone)))]
#[post("/contact/phone")]
async fn create_phone(db: Db, body: Body<CreatePhone>) -> Answer {
    db.create("create_phone", body, phone::create).await
}

/// One telephone number.
#[utoipa::path(tag = "contact", responses((status = 200, body = Phone)))]
#[get("/contact/phone/{phone_id}")]
async fn get_phone(key: Id<Phone>, db: Db) -> Answer {
    db.get("get_phone", key, phone::get).await
}

/// Change a telephone number.
#[utoipa::path(tag = "contact", request_body = UpdatePhone, responses((status = 200, body = Phone)))]
#[patch("/contact/phone/{phone_id}")]
async fn update_phone(key: Id<Phone>, db: Db, body: Body<UpdatePhone>) -> Answer {
    db.update("update_phone", key, body, phone::update).await
}

/// Remove a telephone number.
#[utoipa::path(tag = "contact", responses((status = 204)))]
#[delete("/contact/phone/{phone_id}")]
async fn delete_phone(key: Id<Phone>, db: Db) -> Answer {
    db.delete("delete_phone", key, phone::delete).await
}

/// The routes of telephone numbers.
pub fn routes(routes: &mut Routes) {
    routes
        .add(AmpViewer, list_phones)
        .add(AmpAdmin, create_phone)
        .add(AmpViewer, get_phone)
        .add(AmpEditor, update_phone)
        .add(AmpAdmin, delete_phone)
        .add(AmpViewer, list_phones_of_contact);
}
