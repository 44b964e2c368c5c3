DROP TABLE geothermal_well;
