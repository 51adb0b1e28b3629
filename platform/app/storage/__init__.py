"""Where bytes lie: keys below the workdir, on local disk or in a bucket."""
