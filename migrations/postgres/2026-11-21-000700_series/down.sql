-- No key ties these to the rows that they are about: left behind, they would belong to later rows of the same ids.
DELETE FROM notes WHERE target_table IN (
    'deployment', 'transducer_observation', 'transducer_observation_block'
);
DELETE FROM data_provenance WHERE target_table IN (
    'deployment', 'transducer_observation', 'transducer_observation_block'
);
DELETE FROM status_history WHERE target_table IN (
    'deployment', 'transducer_observation', 'transducer_observation_block'
);
DELETE FROM permission_history WHERE target_table IN (
    'deployment', 'transducer_observation', 'transducer_observation_block'
);

DROP TABLE transducer_observation;
DROP TABLE transducer_observation_block;
DROP TABLE deployment;
