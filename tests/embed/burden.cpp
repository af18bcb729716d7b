// SPDX-License-Identifier: GPL-3.0-or-later
// The same from C++: handles that free themselves, failures as exceptions.
// burden SCHEDULE CODE ORIGIN IMPORTER DAY VALUE
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tariff/tariff.h>

namespace {

template <auto free> struct with {
    template <typename T> void operator()(T *handle) const { free(handle); }
};
template <typename T, auto free> using handle = std::unique_ptr<T, with<free>>;

void keep(void *words, const tariff_diag *diag)
{
    std::string text(tariff_diag_format(diag, nullptr, 0) + 1, '\0');
    tariff_diag_format(diag, text.data(), text.size());
    text.back() = '\n';
    *static_cast<std::string *>(words) += text;
}

class session {
public:
    session()
    {
        tariff_env *made;
        check(tariff_env_new(nullptr, &made));
        env.reset(made);
        tariff_env_on_diag(made, keep, &words);
    }

    void load(const char *path)
    {
        tariff_schedule *read;
        check(tariff_schedule_load(env.get(), &path, 1, &read));
        schedule.reset(read);
        tariff_law *compiled;
        check(tariff_law_compile(env.get(), read, nullptr, &compiled));
        law.reset(compiled);
        tariff_assessor *made;
        check(tariff_assessor_new(env.get(), compiled, &made));
        assessor.reset(made);
    }

    tariff_burden assess(const tariff_entry &entry)
    {
        tariff_burden burden = TARIFF_BURDEN_INIT;
        check(tariff_assess_entry(assessor.get(), &entry, &burden));
        return burden;
    }

    void check(tariff_status status)
    {
        if (status != TARIFF_OK)
            throw std::runtime_error(words + tariff_status_name(status));
    }

private:
    // Freed from the last to the first: a law before its schedule, the environment at the end.
    std::string words;
    handle<tariff_env, tariff_env_free> env;
    handle<tariff_schedule, tariff_schedule_free> schedule;
    handle<tariff_law, tariff_law_free> law;
    handle<tariff_assessor, tariff_assessor_free> assessor;
};

template <typename T>
T parse(tariff_status (*parser)(const char *, size_t, T *), std::string_view text)
{
    T value;
    if (parser(text.data(), text.size(), &value) != TARIFF_OK)
        throw std::runtime_error("cannot read '" + std::string(text) + "'");
    return value;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    try {
        tariff_entry entry = TARIFF_ENTRY_INIT;
        session      tariffs;
        tariffs.load(argv[1]);
        entry.hs = parse(tariff_hs_parse, argv[2]);
        entry.origin = parse(tariff_country_parse, argv[3]);
        entry.importer = parse(tariff_country_parse, argv[4]);
        entry.date = parse(tariff_date_parse, argv[5]);
        entry.value = parse(tariff_money_parse, argv[6]);
        const tariff_burden burden = tariffs.assess(entry);
        std::printf("duty %.2f, %.2f %% of the value\n", static_cast<double>(burden.duty.e4) / 1e4,
                    static_cast<double>(burden.rate.nano) / 1e7);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
