/* Report pages about fits. */
#ifndef CLI_FIT_REPORT_H
#define CLI_FIT_REPORT_H

#include "cli/fit_demand.h"
#include "cli/fit_members.h"

/* `command` is the command line that makes the page again. */
gboolean fit_report_members(const FitMembers *fit, const char *command, const char *html_path,
                            GError **ret_error);
gboolean fit_report_demand(const FitDemand *fit, const char *command, const char *html_path,
                           GError **ret_error);

#endif
