// Which records speak of an organisation: sources on a node are the ids of its records.
MATCH (organization:Organization)
WITH organization
ORDER BY organization.id
LIMIT 5
UNWIND organization.sources AS source
MATCH (record:Entity {id: 'record/' + source})
RETURN organization, record.id AS record, record.file AS file, record.line AS line
