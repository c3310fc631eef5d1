// Which sources and files the public records are from, how many there are, and when the last was loaded.
MATCH (record:SourceRecord)-[:FROM_SOURCE]->(source)
RETURN source.id AS source, record.file AS file, count(record) AS records, max(record.retrievedOn) AS retrieved_on
