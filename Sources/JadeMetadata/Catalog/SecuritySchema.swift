/// The tables of `system.db` that say who may do what, and who did.
///
/// Names of accounts are compared without regard to case in ASCII. Secrets are there only as hashes.
enum SecuritySchema {
    static let tables = accounts + roles + credentials + audit

    private static let accounts = """
        CREATE TABLE users (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            password_hash TEXT,
            is_active INTEGER NOT NULL DEFAULT 1,
            must_change_password INTEGER NOT NULL DEFAULT 0,
            origin TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            password_changed_at INTEGER,
            last_login_at INTEGER
        ) STRICT;
        CREATE TABLE login_failures (
            name TEXT PRIMARY KEY NOT NULL COLLATE NOCASE,
            failures INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            locked_until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE groups (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE group_members (
            group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            PRIMARY KEY (group_id, user_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX group_members_by_user ON group_members (user_id);
        ALTER TABLE databases ADD COLUMN owner_id TEXT REFERENCES users (id) ON DELETE SET NULL;
        CREATE INDEX databases_by_owner ON databases (owner_id);

        """

    private static let roles = """
        CREATE TABLE permissions (
            name TEXT PRIMARY KEY NOT NULL,
            meaning TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE roles (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            is_predefined INTEGER NOT NULL,
            meaning TEXT NOT NULL
        ) STRICT;
        CREATE TABLE role_permissions (
            role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            permission TEXT NOT NULL REFERENCES permissions (name),
            PRIMARY KEY (role_id, permission)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE user_roles (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            PRIMARY KEY (user_id, role_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE group_roles (
            group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
            role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
            PRIMARY KEY (group_id, role_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE database_permissions (
            database_id TEXT NOT NULL REFERENCES databases (id) ON DELETE CASCADE,
            user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
            group_id TEXT REFERENCES groups (id) ON DELETE CASCADE,
            permission TEXT NOT NULL REFERENCES permissions (name),
            granted_at INTEGER NOT NULL,
            CHECK ((user_id IS NULL) <> (group_id IS NULL)),
            UNIQUE (database_id, user_id, permission),
            UNIQUE (database_id, group_id, permission)
        ) STRICT;
        CREATE INDEX database_permissions_by_user ON database_permissions (user_id);
        CREATE INDEX database_permissions_by_group ON database_permissions (group_id);

        """

    /// `scopes` and `databases` of a key are JSON arrays, null for no limit.
    private static let credentials = """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            revoked_at INTEGER,
            address TEXT NOT NULL,
            agent TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_user ON sessions (user_id);
        CREATE TABLE auth_tokens (
            hash BLOB PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX auth_tokens_by_session ON auth_tokens (session_id);
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            scopes TEXT,
            databases TEXT,
            tenant_field TEXT,
            tenant_value TEXT,
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            last_used_at INTEGER,
            revoked_at INTEGER
        ) STRICT;
        CREATE INDEX api_keys_by_user ON api_keys (user_id);

        """

    /// What one key, user or database may take; null is what the server's settings say.
    static let quotas = """
        CREATE TABLE quotas (
            key_id TEXT UNIQUE REFERENCES api_keys (id) ON DELETE CASCADE,
            user_id TEXT UNIQUE REFERENCES users (id) ON DELETE CASCADE,
            database_id TEXT UNIQUE REFERENCES databases (id) ON DELETE CASCADE,
            requests_per_sec INTEGER,
            vectors_per_sec INTEGER,
            bytes_per_sec INTEGER,
            concurrent_searches INTEGER,
            CHECK ((key_id IS NOT NULL) + (user_id IS NOT NULL) + (database_id IS NOT NULL) = 1)
        ) STRICT;

        """

    /// `who` is the salted hash of actor and address that the chain holds in their place; both and the salt can then be erased.
    /// Entries from before have neither.
    static let auditNames = """
        ALTER TABLE audit_log ADD COLUMN salt BLOB;
        ALTER TABLE audit_log ADD COLUMN who BLOB;
        CREATE INDEX audit_log_by_actor ON audit_log (actor_id);

        """

    private static let audit = """
        CREATE TABLE audit_log (
            sequence INTEGER PRIMARY KEY NOT NULL,
            at INTEGER NOT NULL,
            actor_id TEXT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            resource TEXT NOT NULL,
            outcome TEXT NOT NULL,
            request_id TEXT NOT NULL,
            address TEXT NOT NULL,
            detail TEXT NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX audit_log_by_time ON audit_log (at);
        CREATE TABLE audit_anchor (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            sequence INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        """
}
