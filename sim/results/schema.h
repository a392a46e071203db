/* The tables of a result file, as results.h describes them. Version RESULTS_FORMAT. */
#ifndef RESULTS_SCHEMA_H
#define RESULTS_SCHEMA_H

#define SCHEMA_SUMMARY_COLUMNS                                                                     \
    "(point INTEGER NOT NULL, kpi INTEGER NOT NULL, mean REAL, half_width REAL,"                   \
    " standard_error REAL, count INTEGER NOT NULL, PRIMARY KEY (point, kpi)) WITHOUT ROWID;"

static const char schema_sql[] =
    "CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE point (point INTEGER PRIMARY KEY, name TEXT NOT NULL, label TEXT NOT NULL,"
    " role TEXT NOT NULL, overrides TEXT NOT NULL, digest TEXT NOT NULL);"
    "CREATE TABLE axis (axis INTEGER PRIMARY KEY, path TEXT NOT NULL, label TEXT NOT NULL,"
    " kind TEXT NOT NULL, unit TEXT NOT NULL);"
    "CREATE TABLE axis_value (point INTEGER NOT NULL, axis INTEGER NOT NULL, text TEXT NOT NULL,"
    " number REAL, PRIMARY KEY (point, axis)) WITHOUT ROWID;"
    "CREATE TABLE expected (point INTEGER NOT NULL, kpi TEXT NOT NULL, name TEXT NOT NULL,"
    " value REAL NOT NULL, PRIMARY KEY (point, kpi, name)) WITHOUT ROWID;"
    "CREATE TABLE effect (row INTEGER PRIMARY KEY, kind TEXT NOT NULL, term TEXT NOT NULL,"
    " size INTEGER NOT NULL, kpi TEXT NOT NULL, mean REAL, half_width REAL, standard_error REAL,"
    " count INTEGER NOT NULL);"
    "CREATE TABLE sweep_kpi (row INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE channel (channel INTEGER PRIMARY KEY, id TEXT NOT NULL);"
    "CREATE TABLE kpi_column (kpi INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " base TEXT NOT NULL, channel TEXT NOT NULL, unit TEXT NOT NULL, family TEXT NOT NULL,"
    " direction INTEGER NOT NULL, definition TEXT NOT NULL);"
    "CREATE TABLE kpi " SCHEMA_SUMMARY_COLUMNS "CREATE TABLE paired " SCHEMA_SUMMARY_COLUMNS
    "CREATE TABLE replication (point INTEGER NOT NULL, replication INTEGER NOT NULL,"
    " digest TEXT NOT NULL, events INTEGER NOT NULL, facts INTEGER NOT NULL,"
    " PRIMARY KEY (point, replication)) WITHOUT ROWID;"
    "CREATE TABLE replication_kpi (point INTEGER NOT NULL, kpi INTEGER NOT NULL,"
    " replication INTEGER NOT NULL, value REAL,"
    " PRIMARY KEY (point, kpi, replication)) WITHOUT ROWID;"
    "CREATE TABLE series (point INTEGER NOT NULL, name TEXT NOT NULL, channel INTEGER NOT NULL,"
    " day INTEGER NOT NULL, value INTEGER NOT NULL,"
    " PRIMARY KEY (point, name, channel, day)) WITHOUT ROWID;"
    "CREATE TABLE place (point INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,"
    " kind TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, lost_units INTEGER NOT NULL,"
    " oversold_units INTEGER NOT NULL, PRIMARY KEY (point, place)) WITHOUT ROWID;"
    "CREATE TABLE place_channel (point INTEGER NOT NULL, place INTEGER NOT NULL,"
    " channel INTEGER NOT NULL, orders INTEGER NOT NULL, units INTEGER NOT NULL,"
    " sales_cents INTEGER NOT NULL, PRIMARY KEY (point, place, channel)) WITHOUT ROWID;"
    "CREATE TABLE flow (point INTEGER NOT NULL, rank INTEGER NOT NULL, place INTEGER NOT NULL,"
    " zone INTEGER NOT NULL, zone_lat REAL NOT NULL, zone_lon REAL NOT NULL,"
    " trips INTEGER NOT NULL, PRIMARY KEY (point, rank)) WITHOUT ROWID;"
    "CREATE TABLE latency (point INTEGER NOT NULL, name TEXT NOT NULL, channel INTEGER NOT NULL,"
    " low INTEGER NOT NULL, high INTEGER NOT NULL, count INTEGER NOT NULL,"
    " PRIMARY KEY (point, name, channel, low)) WITHOUT ROWID;"
    "CREATE TABLE audit (point INTEGER NOT NULL, law TEXT NOT NULL, held INTEGER NOT NULL,"
    " detail TEXT NOT NULL, PRIMARY KEY (point, law)) WITHOUT ROWID;"
    "CREATE TABLE calibration (row INTEGER PRIMARY KEY, figure TEXT NOT NULL,"
    " source TEXT NOT NULL, point TEXT NOT NULL, kpi TEXT NOT NULL, unit TEXT NOT NULL,"
    " published REAL NOT NULL, scale REAL NOT NULL);";

#endif
