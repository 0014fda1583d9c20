"""The HTTP side: routes, bodies, schemas, problem documents."""
