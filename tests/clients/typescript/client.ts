// A small client on types that openapi-typescript makes of openapi.json. What it says of the types is checked by the compiler,
// what it says of the answers by running it: node out/client.js http://127.0.0.1:PORT

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];

const baseUrl = process.argv[2];
assert(baseUrl, "the server's address is missing");
const api = createClient<paths>({ baseUrl });

/** The data of an answer that must be one of success. */
function ok<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): NonNullable<T> {
  assert.equal(answer.response.status, status, JSON.stringify(answer.error));
  assert(answer.response.headers.get("x-request-id"));
  assert(answer.data, "an answer without a body");
  return answer.data as NonNullable<T>;
}

// Create.
const body: Schemas["CreateLocation"] = { point: "POINT (-106.91 34.07)", elevation: 1432.5 };
const location: Schemas["Location"] = ok(await api.POST("/location", { body }), 201);
const well = ok(
  await api.POST("/thing/water-well", {
    body: {
      name: "TS-0001",
      location_id: location.id,
      well_depth: 310,
      well_purposes: ["Domestic"],
      notes: [{ note_type: "Access", content: "Ask at the house" }],
    },
  }),
  201,
);
assert.equal(well.name, "TS-0001");
assert(!Number.isNaN(Date.parse(well.created_at)));

// Get.
const key = { path: { thing_id: well.id } };
const found: Schemas["Well"] = ok(await api.GET("/thing/water-well/{thing_id}", { params: key }), 200);
assert.equal(found.current_location?.geometry.coordinates[0], -106.91);
assert.equal(found.well_depth_unit satisfies "ft", "ft");

// List: items have the type that a single one has.
const filter = [
  JSON.stringify({ field: "name", operator: "eq", value: "TS-0001" }),
  JSON.stringify({ field: "id", operator: "eq", value: well.id }),
];
const query = { page: 1, size: 10, sort: "name", order: "desc", filter };
const page = ok(await api.GET("/thing/water-well", { params: { query } }), 200);
// (A list can be text too: CSV and lines of JSON.)
assert(typeof page !== "string");
const items: Schemas["Well"][] = page.items;
assert.deepEqual([page.total, items[0]?.id], [1, well.id]);

// Patch: null clears.
const cleared = ok(await api.PATCH("/thing/water-well/{thing_id}", { params: key, body: { well_depth: null } }), 200);
assert.equal(cleared.well_depth, null);

// A 422 has a list of problems, each with its place.
// @ts-expect-error elevation is missing
const incomplete = await api.POST("/location", { body: { point: "POINT (0 0)" } });
assert.equal(incomplete.response.status, 422);
const problems = (incomplete.error as Schemas["Problems"]).detail;
const [problem] = problems;
assert.deepEqual([problem?.type, problem?.loc, problem?.msg], ["missing", ["body", "elevation"], "Field required"]);

// A detail is a sentence or a list, and a client can tell.
const nowhere = await api.GET("/thing/{thing_id}", { params: { path: { thing_id: 4711 } } });
assert.equal(nowhere.response.status, 404);
const { detail } = nowhere.error!;
assert.equal(Array.isArray(detail) ? "a list" : detail, "Thing with ID 4711 not found.");

// Keys are numbers, and must be there.
// @ts-expect-error a key is no text
const text = await api.GET("/thing/{thing_id}", { params: { path: { thing_id: "first" } } });
assert.equal(text.response.status, 422);

// Remove: no body.
const removed = await api.DELETE("/thing/{thing_id}", { params: key });
assert.deepEqual([removed.response.status, removed.data], [204, undefined]);

console.log("TypeScript: listed, got, created, patched, removed, read a 404 and a 422");
