"""Uses the client that openapi-generator makes of openapi.json: python client.py http://127.0.0.1:PORT"""

import datetime
import json
import sys

import ocotillo_client as api
from ocotillo_client.exceptions import NotFoundException, UnprocessableEntityException


def filtered(field, operator, value):
    return json.dumps({"field": field, "operator": operator, "value": value})


def main(url):
    with api.ApiClient(api.Configuration(host=url)) as client:
        locations, things, lexicon = api.LocationApi(client), api.ThingApi(client), api.LexiconApi(client)

        # Create; what the answer is made of has types.
        made = locations.create_location_with_http_info(
            api.CreateLocation(
                point="POINT (-106.91 34.07)",
                elevation=1432.5,
                notes=[api.CreateNote(note_type="Directions", content="Second gate on the left")],
            )
        )
        location = made.data
        assert made.status_code == 201 and made.headers["x-request-id"]
        assert isinstance(location, api.Location) and isinstance(location.created_at, datetime.datetime)
        assert location.notes[0].content == "Second gate on the left"
        well = things.create_water_well(
            api.CreateWell(
                name="PY-0001", location_id=location.id, well_depth=310, first_visit_date=datetime.date(2020, 1, 1)
            )
        )
        assert isinstance(well, api.Well) and well.first_visit_date == datetime.date(2020, 1, 1)

        # Get.
        found = things.get_well(well.id)
        assert found.current_location.geometry.coordinates[0] == -106.91, found
        assert locations.get_location(location.id) == location

        # List, with parameters that repeat; items are of the class that a single one is of.
        page = things.list_wells(
            sort="name", order="desc", size=10, filter=[filtered("name", "eq", "PY-0001"), filtered("id", "eq", well.id)]
        )
        assert page.total == 1 and page.items == [found], page
        terms = lexicon.list_terms(category="casing_material", size=2)
        assert terms.total > 2 and all(isinstance(term, api.Term) for term in terms.items)

        # Points in time as parameters.
        start = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        assert api.ObservationApi(client).list_observations(start_time=start).total == 0

        # Patch.
        changed = locations.update_location(location.id, api.UpdateLocation(elevation=1500))
        assert changed.elevation == 1500 and changed.point == location.point
        assert things.update_water_well(well.id, api.UpdateWell(well_depth=None)).well_depth is None

        # A 422 has a list of problems, each with its place.
        try:
            locations.create_location(api.CreateLocation(point="POINT (-106.91)", elevation=0))
            raise AssertionError("a point with one coordinate was taken")
        except UnprocessableEntityException as refusal:
            assert isinstance(refusal.data, api.Problems), refusal.data
            (problem,) = refusal.data.detail
            assert [part.actual_instance for part in problem.loc] == ["body", "point"], problem
            assert problem.type == "value_error" and "Invalid WKT geometry" in problem.msg, problem

        # A 404 has a sentence or such a list.
        try:
            things.get_thing(4711)
            raise AssertionError("there is no such thing")
        except NotFoundException as refusal:
            assert isinstance(refusal.data, api.Refused), refusal.data
            assert refusal.data.actual_instance.detail == "Thing with ID 4711 not found."

        # Remove: no body.
        removed = things.delete_thing_with_http_info(well.id)
        assert removed.status_code == 204 and removed.data is None

    print("Python: listed, got, created, patched, removed, read a 404 and a 422")


main(sys.argv[1])
