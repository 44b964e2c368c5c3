-- Visits, samples and measured values.

-- Belongs to the series by its meaning; it is here because an observation may name the sensor.
CREATE TABLE sensor (
    id INTEGER CONSTRAINT sensor_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    name VARCHAR(255) NOT NULL,
    sensor_type VARCHAR(100) NOT NULL,
    model VARCHAR(50),
    serial_no VARCHAR(50),
    pcn_number VARCHAR(50),
    owner_agency VARCHAR(100),
    sensor_status VARCHAR(100),
    notes TEXT,
    nma_pk_equipment VARCHAR(36),
    CONSTRAINT sensor_serial_no_key UNIQUE (serial_no),
    CONSTRAINT sensor_pcn_number_key UNIQUE (pcn_number),
    CONSTRAINT sensor_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sensor_sensor_type_fkey FOREIGN KEY (sensor_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sensor_owner_agency_fkey FOREIGN KEY (owner_agency)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sensor_sensor_status_fkey FOREIGN KEY (sensor_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sensor_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT sensor_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT sensor_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT sensor_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT sensor_name_length_check CHECK (length(name) <= 255),
    CONSTRAINT sensor_model_length_check CHECK (length(model) <= 50),
    CONSTRAINT sensor_serial_no_length_check CHECK (length(serial_no) <= 50),
    CONSTRAINT sensor_pcn_number_length_check CHECK (length(pcn_number) <= 50),
    CONSTRAINT sensor_nma_pk_equipment_length_check CHECK (length(nma_pk_equipment) <= 36)
);
CREATE INDEX ix_sensor_release_status ON sensor (release_status);
CREATE INDEX ix_sensor_sensor_type ON sensor (sensor_type);
CREATE INDEX ix_sensor_owner_agency ON sensor (owner_agency);
CREATE INDEX ix_sensor_sensor_status ON sensor (sensor_status);

CREATE TABLE field_event (
    id INTEGER CONSTRAINT field_event_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    event_date TIMESTAMP NOT NULL,
    notes TEXT,
    CONSTRAINT field_event_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT field_event_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT field_event_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT field_event_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT field_event_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT field_event_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_field_event_release_status ON field_event (release_status);
CREATE INDEX ix_field_event_thing_id ON field_event (thing_id);

CREATE TABLE field_event_participant (
    id INTEGER CONSTRAINT field_event_participant_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    field_event_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    participant_role VARCHAR(100) NOT NULL,
    CONSTRAINT field_event_participant_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT field_event_participant_field_event_id_fkey FOREIGN KEY (field_event_id)
        REFERENCES field_event (id) ON DELETE CASCADE,
    CONSTRAINT field_event_participant_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT field_event_participant_participant_role_fkey FOREIGN KEY (participant_role)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT field_event_participant_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT field_event_participant_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT field_event_participant_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT field_event_participant_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_field_event_participant_release_status ON field_event_participant (release_status);
CREATE INDEX ix_field_event_participant_field_event_id ON field_event_participant (field_event_id);
CREATE INDEX ix_field_event_participant_contact_id ON field_event_participant (contact_id);
CREATE INDEX ix_field_event_participant_participant_role ON field_event_participant (participant_role);

CREATE TABLE field_activity (
    id INTEGER CONSTRAINT field_activity_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    field_event_id INTEGER NOT NULL,
    activity_type VARCHAR(100) NOT NULL,
    notes TEXT,
    CONSTRAINT field_activity_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT field_activity_field_event_id_fkey FOREIGN KEY (field_event_id)
        REFERENCES field_event (id) ON DELETE CASCADE,
    CONSTRAINT field_activity_activity_type_fkey FOREIGN KEY (activity_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT field_activity_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT field_activity_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT field_activity_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT field_activity_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_field_activity_release_status ON field_activity (release_status);
CREATE INDEX ix_field_activity_field_event_id ON field_activity (field_event_id);
CREATE INDEX ix_field_activity_activity_type ON field_activity (activity_type);

CREATE TABLE sample (
    id INTEGER CONSTRAINT sample_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    field_activity_id INTEGER NOT NULL,
    field_event_participant_id INTEGER,
    sample_date TIMESTAMP NOT NULL,
    sample_name TEXT NOT NULL,
    sample_matrix VARCHAR(100) NOT NULL,
    sample_method VARCHAR(100) NOT NULL,
    qc_type TEXT NOT NULL,
    depth_top DOUBLE PRECISION, -- ft below ground
    depth_bottom DOUBLE PRECISION, -- ft below ground
    notes TEXT,
    nma_pk_waterlevels TEXT,
    CONSTRAINT sample_sample_name_key UNIQUE (sample_name),
    CONSTRAINT sample_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sample_field_activity_id_fkey FOREIGN KEY (field_activity_id)
        REFERENCES field_activity (id) ON DELETE CASCADE,
    CONSTRAINT sample_field_event_participant_id_fkey FOREIGN KEY (field_event_participant_id)
        REFERENCES field_event_participant (id) ON DELETE CASCADE,
    CONSTRAINT sample_sample_matrix_fkey FOREIGN KEY (sample_matrix)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sample_sample_method_fkey FOREIGN KEY (sample_method)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT sample_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT sample_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT sample_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT sample_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_sample_release_status ON sample (release_status);
CREATE INDEX ix_sample_field_activity_id ON sample (field_activity_id);
CREATE INDEX ix_sample_field_event_participant_id ON sample (field_event_participant_id);
CREATE INDEX ix_sample_sample_matrix ON sample (sample_matrix);
CREATE INDEX ix_sample_sample_method ON sample (sample_method);

CREATE TABLE analysis_method (
    id INTEGER CONSTRAINT analysis_method_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    analysis_method_code TEXT,
    analysis_method_name TEXT NOT NULL,
    analysis_method_type VARCHAR(100),
    source_organization VARCHAR(100),
    CONSTRAINT analysis_method_analysis_method_code_key UNIQUE (analysis_method_code),
    CONSTRAINT analysis_method_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT analysis_method_analysis_method_type_fkey FOREIGN KEY (analysis_method_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT analysis_method_source_organization_fkey FOREIGN KEY (source_organization)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT analysis_method_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT analysis_method_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT analysis_method_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT analysis_method_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_analysis_method_release_status ON analysis_method (release_status);
CREATE INDEX ix_analysis_method_analysis_method_type ON analysis_method (analysis_method_type);
CREATE INDEX ix_analysis_method_source_organization ON analysis_method (source_organization);

-- What has been measured is kept: a parameter or an analysis method with observations cannot be
-- deleted.
CREATE TABLE observation (
    id INTEGER CONSTRAINT observation_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    sample_id INTEGER NOT NULL,
    sensor_id INTEGER,
    analysis_method_id INTEGER,
    parameter_id INTEGER NOT NULL,
    observation_datetime TIMESTAMP NOT NULL,
    value DOUBLE PRECISION, -- in `unit`
    unit VARCHAR(100) NOT NULL,
    notes TEXT,
    measuring_point_height DOUBLE PRECISION, -- ft above ground, as used for this reading
    groundwater_level_reason VARCHAR(100),
    nma_data_quality VARCHAR(100),
    nma_pk_waterlevels TEXT,
    CONSTRAINT observation_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT observation_sample_id_fkey FOREIGN KEY (sample_id)
        REFERENCES sample (id) ON DELETE CASCADE,
    CONSTRAINT observation_sensor_id_fkey FOREIGN KEY (sensor_id)
        REFERENCES sensor (id) ON DELETE CASCADE,
    CONSTRAINT observation_analysis_method_id_fkey FOREIGN KEY (analysis_method_id)
        REFERENCES analysis_method (id),
    CONSTRAINT observation_parameter_id_fkey FOREIGN KEY (parameter_id)
        REFERENCES parameter (id),
    CONSTRAINT observation_unit_fkey FOREIGN KEY (unit)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT observation_groundwater_level_reason_fkey FOREIGN KEY (groundwater_level_reason)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT observation_nma_data_quality_fkey FOREIGN KEY (nma_data_quality)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT observation_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT observation_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT observation_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT observation_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_observation_release_status ON observation (release_status);
CREATE INDEX ix_observation_sample_id ON observation (sample_id);
CREATE INDEX ix_observation_sensor_id ON observation (sensor_id);
CREATE INDEX ix_observation_analysis_method_id ON observation (analysis_method_id);
CREATE INDEX ix_observation_parameter_id ON observation (parameter_id);
CREATE INDEX ix_observation_unit ON observation (unit);
CREATE INDEX ix_observation_groundwater_level_reason ON observation (groundwater_level_reason);
CREATE INDEX ix_observation_nma_data_quality ON observation (nma_data_quality);
CREATE INDEX ix_observation_observation_datetime ON observation (observation_datetime);

CREATE TABLE regulatory_limit (
    id INTEGER CONSTRAINT regulatory_limit_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    parameter_id INTEGER NOT NULL,
    limit_source VARCHAR(100) NOT NULL,
    limit_value DOUBLE PRECISION NOT NULL, -- in `limit_unit`
    limit_unit VARCHAR(100) NOT NULL,
    limit_type VARCHAR(100),
    CONSTRAINT regulatory_limit_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT regulatory_limit_parameter_id_fkey FOREIGN KEY (parameter_id)
        REFERENCES parameter (id) ON DELETE CASCADE,
    CONSTRAINT regulatory_limit_limit_source_fkey FOREIGN KEY (limit_source)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT regulatory_limit_limit_unit_fkey FOREIGN KEY (limit_unit)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT regulatory_limit_limit_type_fkey FOREIGN KEY (limit_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT regulatory_limit_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT regulatory_limit_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT regulatory_limit_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT regulatory_limit_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_regulatory_limit_release_status ON regulatory_limit (release_status);
CREATE INDEX ix_regulatory_limit_parameter_id ON regulatory_limit (parameter_id);
CREATE INDEX ix_regulatory_limit_limit_source ON regulatory_limit (limit_source);
CREATE INDEX ix_regulatory_limit_limit_unit ON regulatory_limit (limit_unit);
CREATE INDEX ix_regulatory_limit_limit_type ON regulatory_limit (limit_type);
