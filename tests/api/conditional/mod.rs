//! ETags, and requests on the condition of one.

mod reading;
mod writing;

use std::sync::Barrier;
use std::thread;

use crate::openapi::{fill, operations};
use crate::round_trips::{asked, id_for, plant_by};
use crate::support::planted::Family;
use crate::support::*;

/// The tag of what a path shows.
#[track_caller]
fn tag(client: &Client, path: &str) -> String {
    let reply = client.get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.header("etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned()
}

/// The same client, on the condition that it has read this.
fn if_match(client: &Client, tag: &str) -> Client {
    client.with_header("if-match", tag)
}

/// The routes that read, with the ids of what is planted: path, the same filled in, operation.
fn readings(app: &App, family: &Family) -> Vec<(String, String, Value)> {
    let document = app.get("/openapi-auth.json").expect(200);
    let all = operations(&document).into_iter().filter(|(method, ..)| method == "GET");
    all.map(|(_, path, operation)| {
        let of_well = path.replace("{resource}/{row_id}", "thing/{thing_id}");
        let concrete = fill(&of_well, &id_for(app, &of_well, family).to_string());
        (path, asked(&concrete), operation)
    })
    .collect()
}

/// Sends the same request with each client, all at once.
fn at_once(clients: &[Client], send: impl Fn(&Client, usize) -> Reply + Sync) -> Vec<Reply> {
    let barrier = Barrier::new(clients.len());
    thread::scope(|scope| {
        let (send, barrier) = (&send, &barrier);
        let threads: Vec<_> = clients
            .iter()
            .enumerate()
            .map(|(at, client)| {
                scope.spawn(move || {
                    barrier.wait();
                    send(client, at)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
