#!/usr/bin/env bash
# Submits a batch as a job to a Ray cluster, follows it, and returns its exit code.
#
#   examples/ray_job.sh LIST OUT [OPTIONS of vidinpaint batch ...]
#
# RAY_API_SERVER_ADDRESS   address of the dashboard of the head (default: http://127.0.0.1:8265)
# The list, the clips and OUT must be where all machines see them: on a shared disk, or URLs such as s3://bucket/clips.
# The driver runs on the head, so this machine may disconnect. The same command again continues where it stopped.
set -euo pipefail
list=$1 out=$2
shift 2
exec ray job submit --address "${RAY_API_SERVER_ADDRESS:-http://127.0.0.1:8265}" -- \
  vidinpaint batch "$list" -o "$out" --runner ray --address auto --config cluster "$@"
