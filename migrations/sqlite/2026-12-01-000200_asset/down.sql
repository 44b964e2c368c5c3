-- No key ties these to the rows that they are about: left behind, they would belong to later rows of the same ids.
DELETE FROM notes WHERE target_table IN ('asset', 'asset_thing_association');
DELETE FROM data_provenance WHERE target_table IN ('asset', 'asset_thing_association');
DELETE FROM status_history WHERE target_table IN ('asset', 'asset_thing_association');

DROP TABLE asset_thing_association;
DROP TABLE asset_fts;
DROP TABLE asset;
