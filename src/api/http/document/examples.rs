//! Examples of bodies. A test stores all of them in an empty database, in the document's order, so that every id in them is that of
//! another example.

use serde_json::{Value, json};

/// An example of the body with this schema.
pub fn of(schema: &str) -> Option<Value> {
    let example = match schema {
        "CreateApiKey" => json!({"name": "QGIS on the laptop", "lifetime_days": 90}),
        "UpdateApiKey" => json!({"name": "QGIS in the field"}),
        "CreateTerm" => json!({"term": "Stock tank", "definition": "A tank that cattle drink from",
            "categories": ["well_purpose"]}),
        "UpdateTerm" => json!({"definition": "A tank that animals drink from"}),
        "CreateCategory" => json!({"name": "tank_type", "description": "What a tank is made of"}),
        "UpdateCategory" => json!({"description": "What tanks are made of"}),
        "CreateTriple" => json!({"subject": {"term": "PVC", "definition": "PVC"}, "predicate": "related_to",
            "object_": {"term": "Plastic", "definition": "Any plastic", "categories": ["casing_material"]}}),
        "UpdateTriple" => json!({"predicate": "same_as"}),
        "CreateLocation" => json!({"point": "POINT (-106.91 34.07)", "elevation": 1432.5,
            "notes": [{"note_type": "Directions", "content": "Second gate on the left"}]}),
        "UpdateLocation" => json!({"elevation": 1433.1, "elevation_method": "LiDAR DEM", "elevation_accuracy": 0.3}),
        "CreateGroup" => json!({"name": "Socorro basin", "group_type": "Monitoring Plan",
            "project_area": "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)))"}),
        "UpdateGroup" => json!({"description": "Wells that are measured every winter"}),
        "CreateParameter" => json!({"parameter_name": "Zinc", "matrix": "soil", "parameter_type": "Metal",
            "default_unit": "mg/L", "cas_number": "7440-66-6"}),
        "UpdateParameter" => json!({"release_status": "public"}),
        "CreateRegulatoryLimit" => {
            json!({"parameter_id": 1, "limit_source": "EPA", "limit_value": 0.01, "limit_unit": "mg/L",
            "limit_type": "MCL"})
        }
        "UpdateRegulatoryLimit" => json!({"limit_value": 0.005}),
        "CreateAnalysisMethod" => json!({"analysis_method_code": "EPA 200.8", "analysis_method_name": "ICP-MS",
            "analysis_method_type": "Laboratory", "source_organization": "EPA"}),
        "UpdateAnalysisMethod" => json!({"analysis_method_name": "Inductively coupled plasma, mass spectrometry"}),
        "CreateAquiferSystem" => json!({"name": "Santa Fe Group", "primary_aquifer_type": "Unconfined single aquifer",
            "geographic_scale": "Regional", "boundary": "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)))"}),
        "UpdateAquiferSystem" => json!({"description": "Basin fill along the Rio Grande"}),
        "CreateGeologicFormation" => json!({"formation_code": "112SNTF", "description": "Santa Fe Group",
            "boundary": "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)))"}),
        "UpdateGeologicFormation" => json!({"lithology": null}),
        "CreateWell" => json!({"name": "SO-0001", "release_status": "public", "location_id": 1, "group_id": 1,
            "first_visit_date": "2020-01-01", "well_depth": 310, "well_purposes": ["Domestic"],
            "well_casing_materials": ["Steel"], "measuring_point_height": 1.5, "measuring_point_description": "Top of casing",
            "monitoring_frequencies": [{"monitoring_frequency": "Annual", "start_date": "2020-01-01"}],
            "notes": [{"note_type": "Access", "content": "Ask at the house"}],
            "alternate_ids": [{"relation": "same_as", "alternate_id": "340412106543201", "alternate_organization": "USGS"}]}),
        "UpdateWell" => json!({"well_depth": 312.5, "well_purposes": ["Domestic", "Livestock"]}),
        "CreateSpring" => json!({"name": "Sedillo spring", "location_id": 1, "spring_type": "Perennial"}),
        "UpdateSpring" => json!({"spring_type": "Thermal"}),
        "CreateWellScreen" => {
            json!({"thing_id": 1, "screen_depth_top": 270, "screen_depth_bottom": 300, "screen_type": "PVC"})
        }
        "UpdateWellScreen" => json!({"screen_description": "Slotted"}),
        "CreateIdLink" => json!({"thing_id": 1, "relation": "same_as", "alternate_id": "RG-12345",
            "alternate_organization": "NMBGMR"}),
        "UpdateIdLink" => json!({"alternate_id": "RG-12346"}),
        "CreateStatusHistory" => {
            json!({"status_type": "Well Status", "status_value": "Abandoned", "start_date": "2021-01-01"})
        }
        "CreateMeasuringPointHistory" => json!({"measuring_point_height": 2.5, "start_date": "2021-01-01",
            "measuring_point_description": "Top of the new casing"}),
        "CreateMonitoringFrequencyHistory" => json!({"monitoring_frequency": "Monthly", "start_date": "2021-01-01"}),
        "UpdateStatusHistory" | "UpdateMonitoringFrequencyHistory" | "UpdatePermissionHistory" => {
            json!({"end_date": "2026-01-01"})
        }
        "UpdateMeasuringPointHistory" => json!({"reason": "The casing was cut"}),
        "CreateContact" => json!({"thing_id": 1, "name": "A. Miller", "role": "Owner", "contact_type": "Primary",
            "phones": [{"phone_number": "(505) 555-0199", "phone_type": "Mobile"}],
            "emails": [{"email": "miller@example.org", "email_type": "Work"}],
            "addresses": [{"address_line_1": "1 Main St", "city": "Socorro", "postal_code": "87801"}],
            "notes": [{"note_type": "Communication", "content": "Call in the evening"}]}),
        "UpdateContact" => json!({"name": "A. Miller", "organization": "USGS", "role": "Hydrologist"}),
        "CreateEmail" => json!({"contact_id": 1, "email": "a.miller@example.com", "email_type": "Personal"}),
        "UpdateEmail" => json!({"email_type": "Primary"}),
        "CreatePhone" => json!({"contact_id": 1, "phone_number": "505-555-0142", "phone_type": "Home"}),
        "UpdatePhone" => json!({"phone_number": "505-555-0143"}),
        "CreateAddress" => json!({"contact_id": 1, "address_line_1": "PO Box 1", "city": "Socorro", "state": "NM",
            "postal_code": "87801", "country": "United States", "address_type": "Mailing"}),
        "UpdateAddress" => json!({"address_line_2": "Attn. water level program"}),
        "CreateGeothermalWell" => json!({"well_data_id": "5f0c2f0e-8a52-4b1b-9c3e-2f6d0c7a1e44", "thing_id": 1,
            "api": "30-053-20001", "name": "Socorro Peak", "well_number": "1", "operator": "Sunbelt", "total_depth": 2100,
            "has_geothermal_data": true, "county": "Socorro", "state": "NM", "latitude": 34.07, "longitude": -106.95}),
        "UpdateGeothermalWell" => json!({"status": "Plugged"}),
        "CreateThingAquiferAssociation" => {
            json!({"thing_id": 1, "aquifer_system_id": 1, "aquifer_types": ["Fractured", "Semi-confined"]})
        }
        "UpdateThingAquiferAssociation" => json!({"aquifer_types": ["Fractured"]}),
        "CreateAquiferType" => json!({"thing_aquifer_association_id": 1, "aquifer_type": "Perched aquifer"}),
        "UpdateAquiferType" => json!({"aquifer_type": "Semi-confined"}),
        "CreateThingGeologicFormationAssociation" => {
            json!({"thing_id": 1, "geologic_formation_id": 1, "top_depth": 0, "bottom_depth": 120})
        }
        "UpdateThingGeologicFormationAssociation" => json!({"bottom_depth": 125.5}),
        "CreateDataProvenance" => json!({"target_table": "thing", "target_id": 1, "field_name": "well_depth",
            "origin_type": "From driller's log or well report", "accuracy_value": 1, "accuracy_unit": "ft"}),
        "UpdateDataProvenance" => json!({"origin_source": "Well record RG-12345"}),
        "CreatePermissionHistory" => {
            json!({"contact_id": 1, "permission_type": "Water Level Sample", "permission_allowed": true,
            "start_date": "2020-01-01", "target_table": "thing", "target_id": 1})
        }
        "CreateAsset" => json!({"name": "wellhead.jpg", "label": "Wellhead", "mime_type": "image/jpeg", "size": 20481,
            "storage_path": "uploads/wellhead_5d41402abc4b2a76b9719d911017c592.jpg", "thing_id": 1,
            "uri": "https://storage.example/b/uploads/wellhead_5d41402abc4b2a76b9719d911017c592.jpg"}),
        "UpdateAsset" => json!({"label": "Wellhead from the north"}),
        "AssociateAsset" => json!({"thing_id": 1}),
        "CreateSensor" => json!({"name": "Diver 7", "sensor_type": "Pressure Transducer", "serial_no": "H1234"}),
        "UpdateSensor" => json!({"sensor_status": "In Repair"}),
        "CreateDeployment" => json!({"thing_id": 1, "sensor_id": 1, "installation_date": "2020-01-01",
            "recording_interval": 6, "recording_interval_units": "hour"}),
        "UpdateDeployment" => json!({"removal_date": "2026-03-01"}),
        "CreateFieldEvent" => json!({"thing_id": 1, "event_date": "2026-02-20T17:00:00Z", "notes": "Windy"}),
        "UpdateFieldEvent" => json!({"notes": "Windy, pump off"}),
        "CreateFieldEventParticipant" => json!({"field_event_id": 1, "contact_id": 1, "participant_role": "Lead"}),
        "UpdateFieldEventParticipant" => json!({"participant_role": "Observer"}),
        "CreateFieldActivity" => json!({"field_event_id": 1, "activity_type": "groundwater level"}),
        "UpdateFieldActivity" => json!({"notes": "Two readings"}),
        "CreateSample" => {
            json!({"field_activity_id": 1, "field_event_participant_id": 1, "sample_date": "2026-02-20T17:05:00Z",
            "sample_name": "SO-0001-WL-1",
            "sample_matrix": "groundwater", "sample_method": "Steel-tape measurement", "qc_type": "Normal"})
        }
        "UpdateSample" => json!({"notes": "Read twice"}),
        "CreateGroundwaterLevel" => json!({"parameter_id": 1, "sample_id": 1, "sensor_id": 1,
            "observation_datetime": "2026-02-20T17:05:00Z", "value": 121.5, "unit": "ft", "measuring_point_height": 1.25,
            "groundwater_level_reason": "Water level not affected"}),
        "UpdateGroundwaterLevel" => json!({"value": 121.6}),
        "CreateWaterChemistry" => json!({"parameter_id": 2, "sample_id": 2, "sensor_id": 1,
            "observation_datetime": "2026-02-20T17:05:00Z", "value": 7.5, "unit": null}),
        "UpdateWaterChemistry" => json!({"value": 7.6}),
        "CreateTransducerBlock" => json!({"thing_id": 1, "parameter_id": 1, "deployment_id": 1,
            "provenance": {"source_file": "SO-0001.csv", "source_kind": "depth_to_water"},
            "measurements": [{"observation_datetime": "2026-01-01T06:00:00Z", "value": 120.74},
                {"observation_datetime": "2026-01-01T12:00:00Z", "value": 120.75}]}),
        "UpdateTransducerBlock" => json!({"review_status": "approved"}),
        "UpdateTransducerObservation" => json!({"note": "Cable was moved"}),
        "CreatePublication" => {
            json!({"title": "Water levels of the Socorro basin", "authors": ["A. Miller", "B. Ortega"],
            "year": 2024, "doi": "10.1000/socorro.2024", "url": "https://example.org/socorro", "publication_type": "Report"})
        }
        "UpdatePublication" => json!({"authors": ["B. Ortega", "A. Miller"], "year": 2025}),
        "UpdateAuthor" => json!({"affiliation": "State Survey", "email": "miller@example.org"}),
        "CreateGeochronologyAge" => json!({"location_id": 1, "age": 27.8, "age_error": 0.1, "method": "Ar/Ar"}),
        "UpdateGeochronologyAge" => json!({"age_error": 0.2}),
        "CreateGrant" => {
            json!({"principal_type": "group", "principal_id": "Partners", "capability": "view", "scope_type": "thing",
            "scope_id": 1, "data_type": "water_level", "starts_at": "2026-01-01", "ends_at": "2026-12-31",
            "reason": "Joint monitoring"})
        }
        "CreateDestination" => json!({"slug": "national-portal", "name": "National groundwater portal",
            "destination_kind": "data_portal", "description": "Harvested every night"}),
        "CreateConsent" => json!({"thing_id": 1, "destination_slug": "national-portal", "data_type": "water_level",
            "starts_at": "2026-01-01", "notes": "By letter"}),
        "CreateFeedback" => {
            json!({"type": "bug", "page_url": "https://ui.example.org/wells/1", "reporter_name": "A. Miller"})
        }
        _ => return None,
    };
    Some(example)
}
