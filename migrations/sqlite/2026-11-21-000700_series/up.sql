-- Series of readings from sensors left in place. The largest tables: mind what an index costs on
-- each reading.

-- A deployed sensor cannot be deleted: its readings would lose their origin.
CREATE TABLE deployment (
    id INTEGER CONSTRAINT deployment_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    sensor_id INTEGER NOT NULL,
    installation_date DATE,
    removal_date DATE,
    recording_interval INTEGER, -- in `recording_interval_units`
    recording_interval_units VARCHAR(100),
    hanging_cable_length DOUBLE PRECISION, -- ft
    hanging_point_height DOUBLE PRECISION, -- ft
    hanging_point_description TEXT,
    notes TEXT,
    "nma_WI_Duration" INTEGER,
    "nma_WI_EndFrequency" INTEGER,
    "nma_WI_Magnitude" INTEGER,
    "nma_WI_MicGain" BOOLEAN,
    "nma_WI_MinSoundDepth" INTEGER,
    "nma_WI_StartFrequency" INTEGER,
    CONSTRAINT deployment_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT deployment_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT deployment_sensor_id_fkey FOREIGN KEY (sensor_id)
        REFERENCES sensor (id),
    CONSTRAINT deployment_recording_interval_units_fkey FOREIGN KEY (recording_interval_units)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT deployment_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT deployment_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT deployment_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT deployment_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT deployment_nma_WI_MicGain_boolean_check CHECK ("nma_WI_MicGain" IN (0, 1))
);
CREATE INDEX ix_deployment_release_status ON deployment (release_status);
CREATE INDEX ix_deployment_thing_id ON deployment (thing_id);
CREATE INDEX ix_deployment_sensor_id ON deployment (sensor_id);
CREATE INDEX ix_deployment_recording_interval_units ON deployment (recording_interval_units);

-- A reading belongs to a block by time alone, not by a key. The unique constraint names its columns
-- only in part: with all of them PostgreSQL would cut the name.
CREATE TABLE transducer_observation_block (
    id INTEGER CONSTRAINT transducer_observation_block_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    parameter_id INTEGER NOT NULL,
    review_status VARCHAR(100) NOT NULL,
    start_datetime TIMESTAMP NOT NULL, -- inclusive
    end_datetime TIMESTAMP NOT NULL, -- inclusive
    comment TEXT,
    reviewer_id INTEGER,
    source_file VARCHAR(255),
    source_kind VARCHAR(50),
    corrections TEXT, -- JSON list of strings
    CONSTRAINT transducer_observation_block_span_key
        UNIQUE (thing_id, review_status, parameter_id, start_datetime, end_datetime),
    CONSTRAINT transducer_observation_block_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT transducer_observation_block_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT transducer_observation_block_parameter_id_fkey FOREIGN KEY (parameter_id)
        REFERENCES parameter (id) ON DELETE CASCADE,
    CONSTRAINT transducer_observation_block_review_status_fkey FOREIGN KEY (review_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT transducer_observation_block_reviewer_id_fkey FOREIGN KEY (reviewer_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT transducer_observation_block_time_order_check CHECK (end_datetime >= start_datetime),
    CONSTRAINT transducer_observation_block_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT transducer_observation_block_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT transducer_observation_block_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT transducer_observation_block_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT transducer_observation_block_source_file_length_check CHECK (length(source_file) <= 255),
    CONSTRAINT transducer_observation_block_source_kind_length_check CHECK (length(source_kind) <= 50)
);
CREATE INDEX ix_transducer_observation_block_release_status ON transducer_observation_block (release_status);
CREATE INDEX ix_transducer_observation_block_parameter_id ON transducer_observation_block (parameter_id);
CREATE INDEX ix_transducer_observation_block_review_status ON transducer_observation_block (review_status);
CREATE INDEX ix_transducer_observation_block_reviewer_id ON transducer_observation_block (reviewer_id);
CREATE INDEX ix_transducer_observation_block_thing_parameter_start ON transducer_observation_block (thing_id, parameter_id, start_datetime);
CREATE INDEX ix_transducer_observation_block_start_datetime_end_datetime ON transducer_observation_block (start_datetime, end_datetime);
CREATE INDEX ix_transducer_observation_block_end_datetime ON transducer_observation_block (end_datetime);

-- One reading for each deployment, parameter and time makes a repeated import harmless. The name of
-- that constraint does not list its columns: PostgreSQL would cut it at 63 characters.
CREATE TABLE transducer_observation (
    id INTEGER CONSTRAINT transducer_observation_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    parameter_id INTEGER NOT NULL,
    deployment_id INTEGER NOT NULL,
    observation_datetime TIMESTAMP NOT NULL,
    value DOUBLE PRECISION NOT NULL, -- depth to water, ft below ground
    note TEXT,
    data_maturity VARCHAR(100),
    nma_waterlevelscontinuous_pressure_conddl_ms_cm DOUBLE PRECISION,
    nma_waterlevelscontinuous_pressure_checked_by VARCHAR(4),
    nma_waterlevelscontinuous_pressure_created TIMESTAMP,
    nma_waterlevelscontinuous_pressure_data_source VARCHAR(5),
    nma_waterlevelscontinuous_pressure_global_id VARCHAR(40),
    nma_waterlevelscontinuous_pressure_measurement_method VARCHAR(2),
    nma_waterlevelscontinuous_pressure_measuring_agency VARCHAR(50),
    nma_waterlevelscontinuous_pressure_notes VARCHAR(100),
    nma_waterlevelscontinuous_pressure_processed_by VARCHAR(4),
    nma_waterlevelscontinuous_pressure_qced BOOLEAN,
    nma_waterlevelscontinuous_pressure_temperature_water DOUBLE PRECISION,
    nma_waterlevelscontinuous_pressure_updated TIMESTAMP,
    nma_waterlevelscontinuous_pressure_water_head DOUBLE PRECISION,
    nma_waterlevelscontinuous_pressure_water_head_adjusted DOUBLE PRECISION,
    nma_waterlevelscontinuous_acoustic_created TIMESTAMP,
    nma_waterlevelscontinuous_acoustic_data_source VARCHAR(5),
    nma_waterlevelscontinuous_acoustic_global_id VARCHAR(40),
    nma_waterlevelscontinuous_acoustic_measurement_method VARCHAR(2),
    nma_waterlevelscontinuous_acoustic_measuring_agency VARCHAR(50),
    nma_waterlevelscontinuous_acoustic_notes VARCHAR(200),
    nma_waterlevelscontinuous_acoustic_point_id VARCHAR(50),
    nma_waterlevelscontinuous_acoustic_pre_process_data_field DOUBLE PRECISION,
    nma_waterlevelscontinuous_acoustic_public_release BOOLEAN,
    nma_waterlevelscontinuous_acoustic_sensor_hgt_above_mp DOUBLE PRECISION,
    nma_waterlevelscontinuous_acoustic_serial_no VARCHAR(50),
    nma_waterlevelscontinuous_acoustic_server_receipt_date TIMESTAMP,
    nma_waterlevelscontinuous_acoustic_speaker_to_mic_length DOUBLE PRECISION,
    nma_waterlevelscontinuous_acoustic_temperature_air DOUBLE PRECISION,
    CONSTRAINT transducer_observation_reading_key
        UNIQUE (deployment_id, parameter_id, observation_datetime),
    CONSTRAINT transducer_observation_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT transducer_observation_parameter_id_fkey FOREIGN KEY (parameter_id)
        REFERENCES parameter (id) ON DELETE CASCADE,
    CONSTRAINT transducer_observation_deployment_id_fkey FOREIGN KEY (deployment_id)
        REFERENCES deployment (id) ON DELETE CASCADE,
    CONSTRAINT transducer_observation_data_maturity_fkey FOREIGN KEY (data_maturity)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT transducer_observation_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT transducer_observation_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT transducer_observation_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT transducer_observation_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_checked_by_length_check CHECK (length(nma_waterlevelscontinuous_pressure_checked_by) <= 4),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_data_source_length_check CHECK (length(nma_waterlevelscontinuous_pressure_data_source) <= 5),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_global_id_length_check CHECK (length(nma_waterlevelscontinuous_pressure_global_id) <= 40),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_measurement_method_length_check CHECK (length(nma_waterlevelscontinuous_pressure_measurement_method) <= 2),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_measuring_agency_length_check CHECK (length(nma_waterlevelscontinuous_pressure_measuring_agency) <= 50),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_notes_length_check CHECK (length(nma_waterlevelscontinuous_pressure_notes) <= 100),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_processed_by_length_check CHECK (length(nma_waterlevelscontinuous_pressure_processed_by) <= 4),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_pressure_qced_boolean_check CHECK (nma_waterlevelscontinuous_pressure_qced IN (0, 1)),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_data_source_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_data_source) <= 5),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_global_id_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_global_id) <= 40),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_measurement_method_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_measurement_method) <= 2),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_measuring_agency_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_measuring_agency) <= 50),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_notes_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_notes) <= 200),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_point_id_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_point_id) <= 50),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_public_release_boolean_check CHECK (nma_waterlevelscontinuous_acoustic_public_release IN (0, 1)),
    CONSTRAINT transducer_observation_nma_waterlevelscontinuous_acoustic_serial_no_length_check CHECK (length(nma_waterlevelscontinuous_acoustic_serial_no) <= 50)
);
CREATE INDEX ix_transducer_observation_release_status ON transducer_observation (release_status);
CREATE INDEX ix_transducer_observation_parameter_id ON transducer_observation (parameter_id);
CREATE INDEX ix_transducer_observation_data_maturity ON transducer_observation (data_maturity);
CREATE INDEX ix_transducer_observation_observation_datetime ON transducer_observation (observation_datetime);
