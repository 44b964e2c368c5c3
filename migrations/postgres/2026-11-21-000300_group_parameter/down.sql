-- No key ties these to the rows that they are about: left behind, they would belong to later rows of the same ids.
DELETE FROM notes WHERE target_table IN (
    'group', 'parameter'
);
DELETE FROM data_provenance WHERE target_table IN (
    'group', 'parameter'
);

DROP TABLE parameter;
DROP TABLE "group";
