#!/usr/bin/env bash
# Submits a batch as a job to a Ray cluster, follows it, and ends with its exit code.
#
#   docs/ray_job.sh LIST OUT [OPTIONS of vidinpaint batch ...]
#
# RAY_API_SERVER_ADDRESS   the head's dashboard (default: http://127.0.0.1:8265)
# The list, the clips and OUT have to be where all machines see them: a shared disk or URLs such as s3://bucket/clips.
# The driver runs on the head, so that this machine may go away; running the same line again goes on where it stopped.
set -euo pipefail
list=$1 out=$2
shift 2
exec ray job submit --address "${RAY_API_SERVER_ADDRESS:-http://127.0.0.1:8265}" -- \
  vidinpaint batch "$list" -o "$out" --runner ray --address auto --config cluster "$@"
