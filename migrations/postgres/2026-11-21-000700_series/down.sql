DROP TABLE transducer_observation;
DROP TABLE transducer_observation_block;
DROP TABLE deployment;
