# SPDX-License-Identifier: GPL-3.0-or-later
# Columns in, duties out: Rscript duties.R duties.so SCHEDULE FLOWS IMPORTER DAY
args <- commandArgs(trailingOnly = TRUE)
dyn.load(args[1])

duties <- function(schedule, flows) {
    .Call("duties", schedule, flows$hs, flows$origin, flows$importer,
          as.double(flows$date), as.double(flows$value))
}

flows <- read.csv(args[3], colClasses = c(hs = "character", origin = "character"), na.strings = "")
flows$importer <- args[4]
flows$date <- as.Date(args[5])
flows$duty <- duties(args[2], flows)
cat(sprintf("%d rows, duty %.2f\n", nrow(flows), sum(flows$duty)))

failed <- tryCatch(duties("nowhere", flows), error = function(e) conditionMessage(e))
stopifnot(is.character(failed), grepl("nowhere: error: cannot read", failed))
