DROP TABLE parameter;
DROP TABLE "group";
