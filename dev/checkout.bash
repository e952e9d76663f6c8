# shellcheck shell=bash disable=SC2034,SC2154 # the launcher's variables
# What `tapelake` does in a checkout and not in a release: finds the tools of the build (and on Debian or Ubuntu, as
# root, installs them), builds the modules that a verb needs when their sources are newer, tests, measures.

readonly OLDEST_MAVEN=3.8.6
readonly NO_NOTEBOOK_TESTS=-Dtapelake.notebooks=off

prepare_checkout() { # MODULE ARGUMENTS...; returns where the verb's own program is to be started
  local module=$1 argument
  shift
  for argument in "$@"; do
    if [[ $argument == --help || $argument == -h ]] && [[ $verb == build || $verb == test ]]; then
      printf '%s\n' "Usage: ./tapelake $verb [MAVEN OPTION...]" \
        'build makes all programs and runs no test; test builds and runs every test (mvn verify).' \
        "Kernel and notebooks are tested in a real Jupyter, which is installed where it may: $NO_NOTEBOOK_TESTS" \
        'leaves them out.'
      exit
    fi
  done
  case $verb in
    build)
      lock_build
      build all "$@"
      need_java
      make_archive
      exit
      ;;
    test)
      run_tests "$@"
      exit
      ;;
    benchmark)
      build_if_stale notebooks
      benchmark "$@"
      ;;
    notebook)
      [[ " $* " =~ \ (--help|-h|--list|--install)\  ]] ||
        need_jupyter jupyter-notebook python3-nbconvert python3-jupyter-client -- notebook nbconvert jupyter_client ||
        exit "$USAGE_ERROR"
      ;;
  esac
  build_if_stale "$module"
}

# ---- tools ----------------------------------------------------------------------------------------------------

find_maven() {
  local version
  command -v mvn >/dev/null || return 1
  version=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  [[ $(printf '%s\n' "$version" "$OLDEST_MAVEN" | sort -V | head -n 1) == "$OLDEST_MAVEN" ]]
}

may_install() {
  command -v apt-get >/dev/null && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release 2>/dev/null &&
    [[ $(id -u) == 0 && ${TAPELAKE_INSTALL:-} != off ]]
}

apt() { # ARGUMENTS...; what apt has to say matters when it fails
  local log
  log=$(mktemp) || exit 1
  if ! DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die 1 "apt-get $* failed: see above ($log has all of it), then run the same command again"
  fi
  rm -f "$log"
}

apt_install() { # PACKAGES...
  say "running: apt-get install -y --no-install-recommends $*"
  apt install -y --no-install-recommends "$@"
  hash -r
}

install() { # WANTED... of: jdk maven
  local need="this needs a JDK $OLDEST_JAVA or newer and Maven; not found: $*" names=("$@")
  names=("${names[@]/#jdk/openjdk-17-jdk-headless}")
  if may_install; then
    say "$need"
    apt update
    apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1 || names=("${names[@]/17-jdk/21-jdk}")
    apt_install "${names[@]}"
    return
  fi
  die "$USAGE_ERROR" "$need. Install it so that JAVA_HOME or PATH finds it; on Debian:" \
    "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names[*]}"
}

# Where Maven cannot be installed, the wrapper fetches it and compares its checksum.
need_build_tools() {
  local missing=()
  mvn=mvn
  find_java javac || missing+=(jdk)
  find_maven || { may_install && missing+=(maven); } || mvn=$HOME_DIR/mvnw
  # Without unzip the wrapper would compare another archive with the checksum.
  [[ $mvn == mvn ]] || command -v unzip >/dev/null ||
    die "$USAGE_ERROR" "this needs Maven $OLDEST_MAVEN or newer, or unzip with which to fetch it: install either"
  ((${#missing[@]} == 0)) && return
  install "${missing[@]}"
  find_java javac || die "$USAGE_ERROR" "what apt installed is no JDK $OLDEST_JAVA or newer"
}

need_jupyter() { # PACKAGES... -- MODULES...
  local packages=() python imports
  while [[ $1 != -- ]]; do
    packages+=("$1") && shift
  done
  imports=$(printf 'import %s\n' "${@:2}")
  for python in python3 /usr/bin/python3; do
    "$python" -c "$imports" 2>/dev/null && return
  done
  if ! may_install; then
    say "this needs Jupyter (Python modules ${*:2}); on Debian: sudo apt-get install ${packages[*]}"
    return 1
  fi
  (apt update && apt_install "${packages[@]}")
}

need_browser() { # for tests that look at pages
  command -v chromium >/dev/null && command -v chromedriver >/dev/null && return
  may_install && (apt update && apt_install chromium chromium-driver fonts-dejavu-core)
}

# Only the one program of the package: installed, it would start a server.
need_promtool() {
  local tools=$HOME_DIR/target/tools
  export PATH=$PATH:$tools/usr/bin
  command -v promtool >/dev/null && return
  may_install || return
  mkdir -p "$tools" && (cd "$tools" && apt update && apt download prometheus && dpkg-deb -x prometheus_*.deb .)
}

# ---- build ----------------------------------------------------------------------------------------------------

modules_of() { # MODULE; it and those that it is built from
  case $1 in
    simulator) echo vault simulator ;;
    collector) echo vault metrics simulator collector ;;
    live) echo vault metrics tape analytics live ;;
    spark-jobs) echo vault metrics tape analytics spark-jobs ;;
    *) echo vault metrics tape analytics spark-jobs notebooks ;;
  esac
}

stamp() { printf '%s' "$HOME_DIR/target/built-$1"; } # MODULE

is_stale() { # MODULE
  local each
  [[ -e $(jar "$1") ]] || return 0
  for each in $(modules_of "$1"); do
    [[ -e $(stamp "$each") ]] || return 0
    [[ -z $(cd "$HOME_DIR" && find pom.xml "$each/pom.xml" "$each/src/main" -newer "$(stamp "$each")" -type f -print -quit) ]] ||
      return 0
  done
  return 1
}

maven() { # MODULES or all, then goals and flags; whoever waits for the lock finds them built
  local started each built='' status modules=$1
  [[ $modules == all ]] || set -- all -pl "$modules" -am "${@:2}"
  # A runtime folder older than the poms may hold jars of versions that are no longer wanted.
  if [[ $modules =~ all|spark-jobs|notebooks ]] &&
    [[ -n $(find "$HOME_DIR/pom.xml" "$HOME_DIR/spark-jobs/pom.xml" -newer "$RUNTIME/jars" 2>/dev/null) ]]; then
    rm -rf "$RUNTIME"
  fi
  started=$(mktemp "$HOME_DIR/target/started.XXXXXX") || return 1
  (cd "$HOME_DIR" && "$mvn" -B -ntp -T 2 "${@:2}")
  status=$?
  if ((status == 0)); then
    [[ $modules != all ]] || modules=notebooks,live,collector
    for each in ${modules//,/ }; do built+=" $(modules_of "$each")"; done
    # With the time at which the build began: what was edited meanwhile is newer.
    for each in $built; do cp -p "$started" "$(stamp "$each")"; done
    [[ ! -d $RUNTIME/jars ]] || touch -r "$started" "$RUNTIME/jars"
  fi
  rm -f "$started"
  return "$status"
}

lock_build() {
  mkdir -p "$HOME_DIR/target" 2>/dev/null ||
    die 1 "cannot write in $HOME_DIR: build as the user who owns it, or set TAPELAKE_BUILD=off"
  command -v flock >/dev/null || return 0
  exec 9>"$HOME_DIR/target/build.lock"
  flock -n 9 && return
  say "another build is running here; waiting for it"
  flock 9
}

progress() { # LOG; all of Maven's words go there, modules and complaints to the terminal
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$1"
    case $line in
      *'] Building Tapelake '*) say "${line#*] }" ;;
      *ERROR*) printf '%s\n' "$line" >&2 ;;
    esac
  done
}

build() { # MODULES FLAGS...
  need_build_tools
  local log=$HOME_DIR/target/build.log fetches='some 40 MB: plugins and libraries, no Spark'
  [[ ! $1 =~ all|spark-jobs|notebooks ]] || fetches='about 500 MB: Spark, Delta, plugins'
  : >"$log"
  say "building with $JAVA_HOME (log: $log; the first time Maven fetches $fetches)"
  # Tests and formatting are matters for `test`.
  maven "$1" package -Dmaven.test.skip=true -Dspotless.check.skip=true "${@:2}" 2>&1 | progress "$log"
  ((PIPESTATUS[0] == 0)) || die 1 "the build failed: see above and $log"
  rm -f "$ARCHIVES"/*.failed
}

build_if_stale() { # MODULE
  [[ ${TAPELAKE_BUILD:-} != off ]] && is_stale "$1" || return 0
  lock_build
  if is_stale "$1"; then build "$1"; fi
  exec 9>&-
}

# ---- test and benchmark ---------------------------------------------------------------------------------------

run_tests() { # FLAGS...
  lock_build
  need_build_tools
  # Nobody is asked, and nothing ends here: it may run where there is none of these to be had.
  if [[ " $* " != *" $NO_NOTEBOOK_TESTS "* ]]; then
    need_jupyter jupyter-notebook python3-nbconvert python3-jupyter-client python3-jupyter-kernel-test -- \
      nbconvert jupyter_client jupyter_kernel_test || say "NO JUPYTER: THE TESTS OF NOTEBOOKS AND KERNEL ARE SKIPPED"
  fi
  need_browser || say "NO CHROMIUM: THE TESTS THAT LOOK AT PAGES ARE SKIPPED"
  need_promtool || say "NO PROMTOOL: THE TESTS OF METRICS' NAMES AND ALERT RULES ARE SKIPPED"
  # The collector's tests wait a lot, those of the jobs compute.
  maven all verify "$@"
}

benchmark() { # ARGUMENTS...; it is test code
  local class_path=$HOME_DIR/spark-jobs/target/benchmark.classpath jars
  if [[ ! -s $class_path || -n $(find "$HOME_DIR"/*/pom.xml "$HOME_DIR/spark-jobs/src/test" -newer "$class_path" -type f \
    -print -quit) ]]; then
    need_build_tools
    (cd "$HOME_DIR" && "$mvn" -B -ntp -q -pl spark-jobs -am -Dspotless.check.skip=true test-compile \
      dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$class_path") ||
      die 1 "the benchmark could not be built: see above"
  fi
  read -r jars <"$class_path"
  need_java
  make_archive
  java_flags=(-Xmx512m -cp "$HOME_DIR/spark-jobs/target/test-classes:$(jar spark-jobs):$jars")
  start io.tapelake.jobs.benchmark.Benchmark --launcher "$LAUNCHER" "$@"
}
