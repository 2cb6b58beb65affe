-- Nothing here: on SQLite the index of the search is a file of its own beside the database, made and made again as needed.
SELECT 1;
