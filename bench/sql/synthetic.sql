-- Made-up wells with children of every kind, for a run without data files: psql -v wells=N [-v readings=N] -f synthetic.sql
-- The longest series of a recorder has so many readings (11500, one a day), evenly over the same years.
-- The schema and the vocabulary must be there; nothing else.

\if :{?readings}
\else
    \set readings 11500
\endif

SELECT setseed(0.5);

CREATE TEMP TABLE terms AS
SELECT c.name AS category, t.term,
       row_number() OVER (PARTITION BY c.name ORDER BY t.id) - 1 AS n,
       count(*) OVER (PARTITION BY c.name) AS terms
FROM lexicon_term t
JOIN lexicon_term_category_association a ON a.term_id = t.id
JOIN lexicon_category c ON c.id = a.category_id;

CREATE FUNCTION pg_temp.term(wanted text, nth bigint) RETURNS text LANGUAGE sql
    AS $$ SELECT term FROM terms WHERE category = wanted AND n = nth % terms $$;

CREATE TEMP TABLE well AS SELECT n, n AS id FROM generate_series(1, :wells) AS n;

INSERT INTO "group" (name, description, group_type, release_status)
SELECT 'Network ' || n, 'Made up', pg_temp.term('group_type', n), 'public' FROM generate_series(1, 8) AS n;

INSERT INTO aquifer_system (name, primary_aquifer_type, geographic_scale, release_status)
SELECT 'Aquifer ' || n, pg_temp.term('aquifer_type', n), pg_temp.term('geographic_scale', n), 'public'
FROM generate_series(1, 6) AS n;

INSERT INTO location (longitude, latitude, elevation, county, state, release_status)
SELECT -109 + 6 * random(), 31.5 + 5 * random(), 1000 + 1500 * random(), 'County ' || n % 33, 'NM', 'public' FROM well;

INSERT INTO thing (name, thing_type, release_status, first_visit_date, well_depth, hole_depth, well_casing_diameter,
                   well_casing_depth, well_completion_date, well_driller_name, well_construction_method, well_pump_type)
SELECT (ARRAY['SO', 'MG', 'RA', 'BW'])[1 + n % 4] || '-' || lpad(n::text, 5, '0')
           || (ARRAY[' Mesa', ' Spring Creek', ' North Windmill', ''])[1 + n / 7 % 4],
       'water well', 'public', date '2000-01-01' + (n % 8000), 50 + (n * 37) % 900, 60 + (n * 37) % 900, 4 + n % 8,
       40 + (n * 31) % 900, date '1950-01-01' + (n * 13) % 20000, 'Driller ' || n % 40,
       pg_temp.term('well_construction_method', n), pg_temp.term('well_pump_type', n)
FROM well ORDER BY n;

UPDATE thing SET well_depth = NULL WHERE id % 11 = 0;

INSERT INTO location_thing_association (location_id, thing_id, effective_start)
SELECT id, id, timestamptz '2000-01-01 00:00:00+00' FROM well ORDER BY id;

INSERT INTO group_thing_association (group_id, thing_id)
SELECT DISTINCT 1 + (n * k) % 8, id FROM well, generate_series(1, 2) AS k WHERE n % 3 > 0;

INSERT INTO thing_id_link (thing_id, relation, alternate_id, alternate_organization, release_status)
SELECT id, pg_temp.term('relation', 0), 'N-' || n, CASE WHEN k = 1 THEN 'USGS' ELSE 'NMBGMR' END, 'public'
FROM well, generate_series(1, 2) AS k WHERE k = 1 OR n % 2 = 0 ORDER BY id, k;

INSERT INTO monitoring_frequency_history (thing_id, monitoring_frequency, start_date, end_date, release_status)
SELECT id, pg_temp.term('monitoring_frequency', n + k), date '2010-01-01' + k * 1000,
       CASE WHEN k = 1 THEN date '2013-01-01' END, 'public'
FROM well, generate_series(1, 2) AS k WHERE n % 2 = 0 ORDER BY id, k;

INSERT INTO measuring_point_history (thing_id, measuring_point_height, measuring_point_description, start_date, release_status)
SELECT id, round((random() * 4)::numeric, 2), 'Top of casing', date '2005-01-01' + k * 900, 'public'
FROM well, generate_series(1, 2) AS k WHERE n % 5 > 0 ORDER BY id, k;

INSERT INTO well_purpose (thing_id, purpose, release_status)
SELECT id, pg_temp.term('well_purpose', n + k), 'public' FROM well, generate_series(1, 2) AS k ORDER BY id, k;

INSERT INTO well_casing_material (thing_id, material, release_status)
SELECT id, pg_temp.term('casing_material', n), 'public' FROM well ORDER BY id;

INSERT INTO notes (target_table, target_id, note_type, content, release_status)
SELECT 'thing', id, pg_temp.term('note_type', n + k), 'Note ' || k || ' on ' || n || E': "quoted", caf\u00e9\nand a second line', 'public'
FROM well, generate_series(1, 3) AS k ORDER BY id, k;

INSERT INTO notes (target_table, target_id, note_type, content, release_status)
SELECT 'location', id, pg_temp.term('note_type', n), 'Past the gate', 'draft' FROM well WHERE n % 4 = 0 ORDER BY id;

INSERT INTO status_history (target_table, target_id, status_type, status_value, start_date, end_date, release_status)
SELECT 'thing', id, kind, pg_temp.term('status_value', n + k), date '2010-01-01' + k::int * 500, NULL, 'public'
FROM well, unnest(ARRAY['Well Status', 'Monitoring Status', 'Open Status', 'Datalogger Suitability Status'])
           WITH ORDINALITY AS kinds (kind, k) WHERE (n + k) % 3 > 0 ORDER BY id, k;

UPDATE status_history SET status_value = CASE WHEN target_id % 2 = 0 THEN 'Open' ELSE 'Closed' END
WHERE status_type = 'Open Status';

INSERT INTO data_provenance (target_table, target_id, field_name, origin_type, origin_source, release_status)
SELECT 'thing', id, field, pg_temp.term('origin_type', n), CASE WHEN n % 3 = 0 THEN 'Log ' || n END, 'public'
FROM well, unnest(ARRAY['well_depth', 'well_construction_method']) AS field ORDER BY id;

INSERT INTO data_provenance (target_table, target_id, field_name, collection_method, release_status)
SELECT 'location', id, 'elevation', pg_temp.term('elevation_method', n), 'public' FROM well ORDER BY id;

INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id, release_status)
SELECT id, 1 + n % 6, 'public' FROM well WHERE n % 2 = 0 ORDER BY id;

INSERT INTO aquifer_type (thing_aquifer_association_id, aquifer_type, release_status)
SELECT id, pg_temp.term('aquifer_type', id + k), 'public' FROM thing_aquifer_association, generate_series(0, 1) AS k ORDER BY id, k;

INSERT INTO contact (name, organization, role, contact_type, release_status)
SELECT 'Person ' || n, 'USGS', pg_temp.term('role', n), pg_temp.term('contact_type', n), 'private'
FROM generate_series(1, greatest(:wells / 3, 3)) AS n;

INSERT INTO email (contact_id, email, email_type, release_status)
SELECT id, 'person' || id || '@example.org', 'Primary', 'private' FROM contact ORDER BY id;
INSERT INTO phone (contact_id, phone_number, phone_type, release_status)
SELECT id, '+1505555' || lpad((id % 10000)::text, 4, '0'), 'Primary', 'private' FROM contact ORDER BY id;
INSERT INTO address (contact_id, address_line_1, city, state, country, address_type, release_status)
SELECT id, id || ' Main Street', 'Socorro', 'NM', 'United States', 'Primary', 'private' FROM contact ORDER BY id;

INSERT INTO thing_contact_association (thing_id, contact_id)
SELECT id, 1 + (n * k) % (SELECT count(*)::int FROM contact) FROM well, generate_series(1, 2) AS k WHERE n % 3 > 0 ORDER BY id, k;

INSERT INTO permission_history (target_table, target_id, contact_id, permission_type, permission_allowed, start_date, release_status)
SELECT 'thing', thing_id, contact_id, 'Water Level Sample', thing_id % 2 = 0, date '2015-01-01' + id % 1000, 'private'
FROM thing_contact_association ORDER BY id;

INSERT INTO well_screen (thing_id, aquifer_system_id, screen_depth_top, screen_depth_bottom, screen_type, release_status)
SELECT id, 1 + n % 6, 20 * k, 20 * k + 10, pg_temp.term('screen_type', n), 'public'
FROM well, generate_series(1, 2) AS k WHERE n % 4 > 0 ORDER BY id, k;

-- Ten visits to every tenth well, two to each of the others, with a measurement by hand each time.
INSERT INTO field_event (thing_id, event_date, notes, release_status)
SELECT id, timestamptz '2012-03-04 17:30:00+00' + make_interval(days => (90 * k + n)::int), 'Visit ' || k, 'public'
FROM well, generate_series(1, 10) AS k WHERE n % 10 = 0 OR k <= 2 ORDER BY id, k;

INSERT INTO field_event_participant (field_event_id, contact_id, participant_role, release_status)
SELECT id, 1 + id % (SELECT count(*)::int FROM contact), pg_temp.term('participant_role', id), 'public' FROM field_event ORDER BY id;

INSERT INTO field_activity (field_event_id, activity_type, release_status)
SELECT id, 'groundwater level', 'public' FROM field_event ORDER BY id;

INSERT INTO sample (field_activity_id, field_event_participant_id, sample_date, sample_name, sample_matrix, sample_method, qc_type, release_status)
SELECT a.id, p.id, e.event_date, 'S-' || a.id, 'groundwater', pg_temp.term('sample_method', a.id), 'Normal', 'public'
FROM field_activity a JOIN field_event e ON e.id = a.field_event_id
JOIN field_event_participant p ON p.field_event_id = e.id ORDER BY a.id;

INSERT INTO observation (sample_id, parameter_id, observation_datetime, value, unit, measuring_point_height, release_status)
SELECT s.id, p.id, s.sample_date, round((100 * random())::numeric, 2), 'ft', 1.5, 'public'
FROM sample s, parameter p WHERE p.parameter_name = 'groundwater level' AND p.matrix = 'groundwater' ORDER BY s.id;

-- Recorders in every twentieth well; the first of them has the longest series.
INSERT INTO sensor (name, sensor_type, serial_no, release_status)
SELECT 'Recorder ' || n, pg_temp.term('sensor_type', n), 'R' || n, 'public' FROM well WHERE n % 20 = 0 ORDER BY n;

INSERT INTO deployment (thing_id, sensor_id, installation_date, recording_interval, release_status)
SELECT w.id, s.id, date '2010-01-01', 24, 'public' FROM well w JOIN sensor s ON s.serial_no = 'R' || w.n ORDER BY w.id;

INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, start_datetime, end_datetime, release_status)
SELECT d.thing_id, p.id, pg_temp.term('review_status', d.id + k),
       timestamptz '1990-01-01 00:00:00+00' + make_interval(days => (6000 * k)::int),
       timestamptz '1990-01-01 00:00:00+00' + make_interval(days => (6000 * k + 5999)::int), 'public'
FROM deployment d, parameter p, generate_series(0, 1) AS k
WHERE p.parameter_name = 'groundwater level' AND p.matrix = 'groundwater' ORDER BY d.id, k;

INSERT INTO transducer_observation (parameter_id, deployment_id, observation_datetime, value, data_maturity, release_status)
SELECT p.id, d.id, timestamptz '1990-01-01 00:00:00+00' + n * (interval '11500 days' / :readings), round((50 + 20 * random())::numeric, 2),
       pg_temp.term('data_maturity', 0), 'public'
FROM deployment d, parameter p, generate_series(0, :readings) AS n
WHERE p.parameter_name = 'groundwater level' AND p.matrix = 'groundwater' AND (d.id = 1 OR (d.id <= 20 AND n * 11500.0 / :readings < 2000))
ORDER BY d.id, n;

ANALYZE;
